/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel logs while a packet travels: the probes, the trace of rules, and
 * conntrack's complaints, in the order in which they happened.
 *
 * Linux 6.18: net/netfilter/nfnetlink_log.c. One socket hears all groups; with a queue
 * threshold of 1 every record is there before the next thing happens.
 */
#ifndef KERNEL_NFLOG_H
#define KERNEL_NFLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "kernel/netlink.h"
#include "packet/hook.h"

enum { NFLOG_PREFIX_LEN = 128 };

struct nflog_record {
	unsigned group;
	enum hook hook;
	char prefix[NFLOG_PREFIX_LEN];
	uint32_t mark, in, out;		/* interface indexes; 0 when there is none */
	size_t payload, payload_len;	/* bytes of nflog.payloads; length 0 when only the record came */
};

struct nflog {
	struct netlink *netlink;	/* owned */
	struct nflog_record *records;	/* owned; of the last nflog_read() */
	size_t n_records, capacity;
	struct text payloads;
};

/* False after an error, told. */
bool nflog_open(struct nflog *nflog, struct text *error);
void nflog_close(struct nflog *nflog);

/* Forgets the records and reads what came since. False when the kernel had to drop some. */
bool nflog_read(struct nflog *nflog);

/* Reads more, behind what is there. */
bool nflog_read_more(struct nflog *nflog);

static inline const uint8_t *nflog_payload(const struct nflog *nflog, const struct nflog_record *record)
{
	return (const uint8_t *)nflog->payloads.bytes + record->payload;
}

#endif
