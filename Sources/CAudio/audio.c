#include "CAudio.h"
int sillon_audio_placeholder(void){return 0;}
