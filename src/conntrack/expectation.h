/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections that a helper has read about in another connection, and that may come (struct nf_conntrack_expect):
 * their table, how long they wait, and who is thrown out. Linux 6.18 nf_conntrack_expect.c.
 *
 * Life cycle: a helper fills a struct expectation on its stack, expectation_init() first, and expectation_add() files a
 * copy; it ends when a packet of its connection comes (unless it is PERMANENT), when its time is over, when a newer
 * one takes its place, when the helper takes it back, or with its master. Each beginning and end is an
 * EVENT_EXPECTATION. Private to conntrack/, and to nat/expected.
 */
#ifndef CONNTRACK_EXPECTATION_H
#define CONNTRACK_EXPECTATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/store.h"
#include "conntrack/connection.h"
#include "event/event.h"

struct conntrack;
struct expectation;

/* How nat maps the expected connection. */
enum expectation_mapping {
	EXPECTATION_NOT_MAPPED,		/* as the rules say */
	EXPECTATION_FOLLOWS_MASTER,	/* to where its master's packets go. Linux 6.18, nf_nat_follow_master() */
	EXPECTATION_FOLLOWS_SIP,	/* likewise, towards what the message named. nf_nat_sip_expected() */
	EXPECTATION_FOLLOWS_CALL,	/* GRE of PPTP: addresses, and one call id. pptp_nat_expected() */
	EXPECTATION_FOLLOWS_CALL_SIGNAL, /* H.323: to what the message named. ip_nat_callforwarding_expect() */
};

struct expectation {
	struct timer timer;		/* private */
	struct connection *master;	/* borrowed: it cannot end before its expectations */
	struct tuple tuple;		/* of the first packet; where the mask is 0, anything */
	struct tuple mask;		/* of the source's address and port alone: the rest compares exactly */
	uint32_t class;			/* of the helper's classes */
	uint32_t flags;			/* enum expectation_flag */
	const struct helper *helper;	/* that the expected connection gets; NULL: none */
	enum expectation_mapping mapping;
	enum direction direction;	/* for nat: in which of the master's directions it runs */
	struct address saved_address;	/* for nat: what was named before it was translated */
	uint16_t saved_port;
	uint64_t id;			/* 1, 2, 3 ... */
	uint32_t timeout_seconds;	/* what was set last */
	struct expectation *older, *newer;		/* of the same master */
	struct expectation *next_in_chain;		/* newest first */
	struct expectation *listed_before, *listed_after;	/* all, in order of creation */
};

enum { EXPECTATION_CHAINS = 256 };

struct expectations {
	struct expectation *chains[EXPECTATION_CHAINS];	/* by destination */
	struct expectation *oldest, *newest;
	struct store store;
	uint64_t n_live, n_created;
};

void expectations_init(struct expectations *expectations);
void expectations_clear(struct expectations *expectations);

/*
 * Begins one of `connection`: a packet of `protocol` from `source` (NULL: anybody) to `destination` at
 * `destination_port`, from any port. Linux 6.18, nf_ct_expect_init().
 */
void expectation_init(struct expectation *wanted, struct connection *connection, uint8_t protocol,
		      const struct address *source, const struct address *destination, uint16_t destination_port);

/* It must come from this port, too. */
void expectation_set_source_port(struct expectation *wanted, uint16_t port);

enum expectation_answer {
	EXPECTATION_ADDED,
	EXPECTATION_BUSY,	/* another one would take its packets */
	EXPECTATION_KNOWN,	/* another connection, or another class, has the same */
	EXPECTATION_FULL,	/* nf_conntrack_expect_max */
};

/*
 * Files a copy. One that equals it is taken away first, and the oldest of its class where there are too many.
 * `any_master`: one of another connection that equals it is KNOWN, not BUSY (NF_CT_EXP_F_SKIP_MASTER).
 * Linux 6.18, nf_ct_expect_related_report().
 */
enum expectation_answer expectation_add(struct conntrack *conntrack, const struct expectation *wanted, bool any_master,
					struct vtime now);

/*
 * The same for two ports in a row, RTP's and RTCP's: both or none. Some kernels tell of the first before they find the second one's
 * place taken. Linux 6.12, nf_ct_expect_related_pair().
 */
enum expectation_answer expectation_add_pair(struct conntrack *conntrack, const struct expectation *first,
					     const struct expectation *second, bool any_master, struct vtime now);

/* The newest that a packet of `tuple` would meet, inactive ones too; NULL: none. Linux 6.18, __nf_ct_expect_find(). */
struct expectation *expectation_find(struct conntrack *conntrack, const struct tuple *tuple);

/*
 * The one that a packet of `tuple`, which has no entry, belongs to: active, and its master confirmed. NULL: none.
 * Linux 6.18, nf_ct_find_expectation().
 */
struct expectation *expectation_meet(struct conntrack *conntrack, const struct tuple *tuple);

/* Ends one. */
void expectation_remove(struct conntrack *conntrack, struct expectation *expectation, enum expectation_end end);

/* Ends all of a connection. */
void expectation_remove_all(struct conntrack *conntrack, struct connection *master, enum expectation_end end);

/* Sets its time anew. */
void expectation_refresh(struct conntrack *conntrack, struct expectation *expectation, uint32_t timeout_seconds,
			 struct vtime now);

/* Fills `view`. */
void expectation_view(const struct conntrack *conntrack, const struct expectation *expectation,
		      struct expectation_view *view);

/* Emits an EVENT_EXPECTATION_ENTRY for each, in order of creation. */
void expectation_emit_all(const struct conntrack *conntrack);

#endif
