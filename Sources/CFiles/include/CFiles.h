int sillon_files_placeholder(void);
