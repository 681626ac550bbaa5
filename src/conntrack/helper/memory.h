/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What helpers remember of a connection (nfct_help_data()). All zero when it begins. */
#ifndef CONNTRACK_HELPER_MEMORY_H
#define CONNTRACK_HELPER_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

enum { FTP_NEWLINES = 2 };

/* struct nf_ct_ftp_master: by direction, the sequence numbers behind the latest segments that ended a line. */
struct ftp_memory {
	uint32_t after_newline[2][FTP_NEWLINES];
	uint8_t n_newlines[2];
};

/* struct nf_ct_sane_master */
struct sane_memory {
	bool has_asked_to_start;
};

struct gre_key;

/* struct nf_ct_pptp_master, struct nf_nat_pptp */
struct pptp_memory {
	uint8_t session, call;				/* states, of helper/pptp.c */
	uint16_t caller_id, called_id;			/* call ids of PNS and PAC, as the PAC knows them */
	uint16_t real_caller_id;			/* before translation */
	struct gre_key *keys[2];			/* [enum direction]; owned */
};

/* struct nf_ct_sip_master */
struct sip_memory {
	uint32_t register_cseq, invite_cseq;	/* of the latest requests */
	uint16_t forced_port;			/* where answers are wanted; 0: where they would go anyway */
};

enum { H323_RTP_CHANNELS = 4 };

/* struct nf_ct_h323_master; ports by [enum direction] of who named them, and of the other one, who sees another number */
struct h323_memory {
	uint16_t signal_port[2];		/* of call signalling or H.245 */
	uint16_t rtp_port[H323_RTP_CHANNELS][2];
	uint32_t lifetime;			/* of a registration, seconds */
	uint16_t tpkt_len[2];			/* of the message whose header came alone */
};

union helper_memory {
	struct ftp_memory ftp;
	struct pptp_memory pptp;
	struct sip_memory sip;
	struct sane_memory sane;
	struct h323_memory h323;
};

#endif
