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

union helper_memory {
	struct ftp_memory ftp;
	struct sane_memory sane;
};

#endif
