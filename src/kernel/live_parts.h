/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of kernel/live share: live.c asks the kernel about packets, live_fragments.c knows tuples, live_effect.c what became of
 * entries, live_tell.c makes events of the answers, live_listing.c of what is listed. Private.
 */
#ifndef KERNEL_LIVE_PARTS_H
#define KERNEL_LIVE_PARTS_H

#include "kernel/ages.h"
#include "kernel/entries.h"
#include "kernel/live_expectations.h"
#include "kernel/inject.h"
#include "kernel/live.h"
#include "kernel/nflog.h"
#include "kernel/nft_trace.h"

enum { LIVE_MOST_FRAGMENTED = 64, LIVE_MOST_TABLES = 10, LIVE_MOST_ZONES = 256, LIVE_HEAD_LEN = 256, LIVE_BLOCK_LEN = 8 };

/* Fragments of one packet: when the first of them came, and the tuple, once enough of the datagram's beginning is there. */
struct live_fragmented {
	bool is_waiting;		/* for its rest; else this place is free */
	struct address source, destination;
	uint32_t id;
	uint8_t protocol;
	struct vtime first;
	bool is_late;			/* one came when it was over in virtual time, and not in the kernel */
	bool has_tuple;
	struct tuple tuple;
	uint8_t header[LIVE_HEAD_LEN], data[LIVE_HEAD_LEN];	/* of the piece with offset 0; of all pieces */
	uint32_t header_len, next_header_at;			/* 0: it has not come */
	bool has_block[LIVE_HEAD_LEN / LIVE_BLOCK_LEN];		/* of `data` */
};

struct live {
	struct live_options options;
	struct netns netns;
	struct inject inject;
	struct nflog nflog;
	struct nft_trace nft_trace;		/* of the nft back end */
	struct entries entries;
	struct ages ages;
	struct live_expectations expectations;
	struct path path;
	struct path_reader reader;
	struct live_fragmented fragmented[LIVE_MOST_FRAGMENTED];
	size_t n_fragmented;			/* ever; the oldest gives way */
	unsigned fragment_seconds[2];		/* IPv4, IPv6: how long fragments wait */
	const char *hazard;
	uint64_t packet_entries[LIVE_MOST_ENTRIES];	/* ids of those that have the last packet's tuple, and the one of its answer */
	size_t n_packet_entries;
	uint16_t zones[LIVE_MOST_ZONES];	/* that probes know */
	size_t n_zones;
	struct vtime moves_to;			/* virtual time, when it is on its way */
	struct vtime start_real;		/* real time of the first packet */
	bool has_started;
	struct {
		enum family family;
		char name[16];
	} tables[LIVE_MOST_TABLES];			/* that the rules have */
	size_t n_tables;
	bool has_sets;
	struct event_summary summary;
};

/* What one packet did to the entries. */
struct live_effect {
	struct aged_entry *packet_entry;	/* the entry that has the packet's tuple; NULL: none */
	struct kernel_entry before;		/* as it was before the packet */
	bool was_armed;
	struct aged_entry ended;		/* the packet's entry, when the packet ended it: a copy */
	bool has_ended;
	uint64_t newest;			/* ids above it were created by this packet */
};

/* The tuple under which the packet, or the whole that it completes, is looked up; false when it is not known. May set a hazard. */
bool live_find_tuple(struct live *live, const struct packet *packet, struct tuple *tuple);

/* The packet has passed the kernel's defragmentation: whatever comes under its identification now is of another datagram, unless it was late. */
void live_end_fragmented(struct live *live, const struct packet *packet);

/* Virtual time moves on, and what is due by then ends. */
void live_move(struct live *live, struct vtime time);

/* The packet's entry as it was before it; `tuple` is NULL when the packet has none. Its path is known, its effect not yet read. */
void live_start_effect(struct live *live, const struct tuple *tuple, struct live_effect *effect);

/* What the packet that went in at `real` did, as events: first to the entries that it touched in any way, then to the one that it belongs to. */
void live_read_effect(struct live *live, const struct tuple *tuple, struct vtime real, struct live_effect *effect);

/* For live_entries(): before a packet's effect is read, which may end them, and behind it, which may make them. */
void live_note_entries(struct live *live, const struct live_effect *effect, const struct tuple *tuple);

/* Zones that entries began in meanwhile are known from now on. False after an error, told. */
bool live_learn_zones(struct live *live, struct text *error);

/* ages_listener: an entry's time has come. Expectations that are due by then. */
void live_end_entry(void *live, const struct aged_entry *ended);
void live_end_expectations(struct live *live, struct vtime now);

/* Which expectations the kernel still lists behind a packet; those that it does not have ended. */
void live_look_at_expectations(struct live *live, struct vtime now);

/* `seen`: what the kernel said of the entry at that moment. */
void live_tell_view(const struct live *live, const struct aged_entry *aged, const struct kernel_entry *seen,
		    struct entry_view *view);

/* EVENT_CONNTRACK: an entry's end, its beginning, or a change after `before`. */
void live_tell_destroy(struct live *live, const struct aged_entry *aged, const struct kernel_entry *seen, bool is_expired);
void live_tell_new(struct live *live, const struct aged_entry *aged, const struct kernel_event *told);
void live_tell_update(struct live *live, const struct aged_entry *aged, const struct kernel_event *told,
		      const struct kernel_entry *before);

/* EVENT_EXPECTATION; EVENT_EXPECTATION_ENTRY. */
void live_tell_expectation(struct live *live, const struct live_expectation *expectation, enum expectation_end end);
void live_tell_waiting(struct live *live, const struct live_expectation *expectation);

/* EVENT_REPLY for what the host answered, then EVENT_PACKET. */
void live_tell_packet(struct live *live, const struct packet *packet, const struct live_effect *effect);

/* EVENT_PACKET for one that is not IP, or has no header left: nobody judges it. */
void live_tell_passed_by(struct live *live, const struct packet *packet);

#endif
