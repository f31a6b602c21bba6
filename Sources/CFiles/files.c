#include "CFiles.h"
int sillon_files_placeholder(void){return 0;}
