extern "C" int sillon_tag_placeholder(void){return 0;}
