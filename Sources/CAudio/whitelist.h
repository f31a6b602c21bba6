#ifndef SILLON_WHITELIST_H
#define SILLON_WHITELIST_H

/* Containers of audio only. No playlist (hls, concat, dash), no image, no subtitle, no device: with these reachable, a
   file of any name can make the library open another file. */
#define SILLON_FORMATS                                                                                                 \
    "mp3,flac,ogg,mov,wav,aiff,ape,wv,mpc,mpc8,tta,asf,matroska,aac,ac3,eac3,dts,dtshd,dsf,iff,caf,w64,au,tak,shn,amr," \
    "oma,loas,truehd,mlp,voc"

/* Decoders of audio only: a cover's picture decoder is never opened, not even by probing. */
#define SILLON_DECODERS                                                                                                \
    "mp3float,mp3,mp2float,mp2,mp1float,mp1,flac,vorbis,opus,aac,aac_fixed,aac_latm,alac,wmav1,wmav2,wmapro,"          \
    "wmalossless,wmavoice,ape,wavpack,mpc7,mpc8,tta,tak,shorten,dsd_lsbf,dsd_msbf,dsd_lsbf_planar,dsd_msbf_planar,"    \
    "dst,ac3,ac3_fixed,eac3,dca,mlp,truehd,amrnb,amrwb,atrac1,atrac3,atrac3p,atrac3al,atrac3pal,speex,gsm,gsm_ms,"     \
    "pcm_alaw,pcm_mulaw,pcm_u8,pcm_s8,pcm_s8_planar,pcm_s16le,pcm_s16be,pcm_s16le_planar,pcm_s16be_planar,pcm_u16le,"  \
    "pcm_u16be,pcm_s24le,pcm_s24be,pcm_s24le_planar,pcm_u24le,pcm_u24be,pcm_s32le,pcm_s32be,pcm_s32le_planar,"         \
    "pcm_u32le,pcm_u32be,pcm_s64le,pcm_s64be,pcm_f16le,pcm_f24le,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,"             \
    "pcm_bluray,pcm_dvd,pcm_lxf,pcm_vidc,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,adpcm_swf,adpcm_yamaha,adpcm_g722,"       \
    "adpcm_g726,qdm2,qdmc,qcelp,evrc,ilbc,mace3,mace6,sonic,truespeech,nellymoser,metasound,twinvq,imc,ra_144,ra_288,cook,sipr"

#endif
