int sillon_audio_placeholder(void);
