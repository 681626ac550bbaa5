/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hash table of confirmed connections.
 *
 * Open addressing with linear probing over slots of 8 bytes: 32 bits of hash, and the number of a connection. The hash is the
 * same for a tuple and its inverse, so a connection stands in one slot for both directions; in two, when its reply tuple is
 * another. A lookup of a known flow costs one cache line here and one of the entry. The hash is keyed: who does not know the
 * seed cannot make flows that meet in a slot. Connections are borrowed; nobody but conntrack's life cycle adds and removes.
 * Private to conntrack/.
 */
#ifndef CONNTRACK_TABLE_H
#define CONNTRACK_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/store.h"
#include "conntrack/connection.h"

struct table_slot {
	uint32_t hash;
	uint32_t number;	/* of the connection; 0: free */
};

enum { TABLE_KEYS = 5 };

struct table {
	const struct store *store;	/* of the connections; borrowed */
	struct table_slot *slots;	/* owned */
	size_t n_slots;			/* a power of two */
	size_t n_used;
	bool may_hold_twice;		/* a tuple, of two entries, each in a direction: one had a zone for each (-j CT --zone-orig, --zone-reply) */
	uint64_t keys[TABLE_KEYS];	/* of its whole life */
};

void table_init(struct table *table, const struct store *store, uint64_t seed);
void table_clear(struct table *table);

/* Where a tuple is looked for, whatever the table holds. */
uint32_t table_hash(const struct table *table, const struct tuple *tuple);

/* The connection that has `tuple`, of several the newest, and in which direction; NULL when there is none. */
struct connection *table_find(const struct table *table, const struct tuple *tuple, enum direction *direction);

/* Likewise, with the tuple's hash. */
struct connection *table_find_hashed(const struct table *table, const struct tuple *tuple, uint32_t hash, enum direction *direction);

/* Likewise, among those that have it in one direction alone. */
struct connection *table_find_in(const struct table *table, const struct tuple *tuple, enum direction direction);

/*
 * Likewise, for a packet or a new entry that has a zone for each direction: a tuple counts when its entry has the same zone in
 * the direction that it belongs to. The zone of `tuple` itself is not looked at. Linux 6.18, nf_ct_key_equal(). `hash`:
 * of the same tuple in zone 0; 0: it is not known.
 */
struct connection *table_find_in_zones(const struct table *table, const struct tuple *tuple, uint32_t hash,
				       const uint16_t zone[2], enum direction *direction);

/*
 * For lookups that will come: the first asks memory for the slot of a hash; the second, when that has arrived, for the connection that it
 * names: of TCP with its memory, where it `is_told` all of it, because it will be viewed. Neither changes what any function answers.
 */
void table_foresee(const struct table *table, uint32_t hash);
void table_foresee_connection(const struct table *table, uint32_t hash, bool is_tcp, bool is_told);

/* Adds a connection, neither of whose tuples may be in the table. */
void table_add(struct table *table, const struct connection *connection);

/* Removes a connection that table_add() added; its tuples must not have changed. */
void table_remove(struct table *table, const struct connection *connection);

#endif
