int sillon_tag_placeholder(void);
