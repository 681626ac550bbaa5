/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/packet.h"

enum { TABLE_FIRST_SLOTS = 1024, TABLE_LINE = 64 };

void table_init(struct table *table, uint64_t seed)
{
	memset(table, 0, sizeof(*table));
	table->seed = seed;
	table->n_slots = TABLE_FIRST_SLOTS;
	table->slots = alloc_table(table->n_slots, sizeof(*table->slots), TABLE_LINE);
}

void table_clear(struct table *table)
{
	free(table->slots);
	memset(table, 0, sizeof(*table));
}

/* Five 8-byte words, each mixed in by a multiplication; two chains, so that they overlap. */
static uint64_t hash_of(const struct table *table, const struct tuple *tuple)
{
	uint64_t word[5], a, b;

	memcpy(word, tuple, sizeof(word));
	a = (table->seed ^ word[0]) * 0x9e3779b97f4a7c15u;
	b = (table->seed + word[2]) * 0xc2b2ae3d27d4eb4fu;
	a = (a ^ a >> 32 ^ word[1]) * 0x165667b19e3779f9u;
	b = (b ^ b >> 32 ^ word[3]) * 0x9e3779b97f4a7c15u;
	a = (a ^ a >> 29 ^ b ^ b >> 32 ^ word[4]) * 0xff51afd7ed558ccdu;
	return a ^ a >> 32;
}

static struct connection *connection_at(const struct table_slot *slot)
{
	return (struct connection *)(slot->reference & ~(uintptr_t)1);
}

static struct connection *find(const struct table *table, const struct tuple *tuple, uint64_t hash, enum direction *direction)
{
	for (size_t at = hash & (table->n_slots - 1);; at = (at + 1) & (table->n_slots - 1)) {
		const struct table_slot *slot = &table->slots[at];

		if (!slot->reference)
			return NULL;
		if (slot->hash != hash)
			continue;
		if (tuple_is_equal(&connection_at(slot)->tuple[slot->reference & 1], tuple)) {
			*direction = (enum direction)(slot->reference & 1);
			return connection_at(slot);
		}
	}
}

struct connection *table_find(const struct table *table, const struct tuple *tuple, enum direction *direction)
{
	return find(table, tuple, hash_of(table, tuple), direction);
}

struct connection *table_find_in(const struct table *table, const struct tuple *tuple, enum direction direction)
{
	uint64_t hash = hash_of(table, tuple);

	for (size_t at = hash & (table->n_slots - 1);; at = (at + 1) & (table->n_slots - 1)) {
		const struct table_slot *slot = &table->slots[at];

		if (!slot->reference)
			return NULL;
		if (slot->hash == hash && (slot->reference & 1) == (uintptr_t)direction &&
		    tuple_is_equal(&connection_at(slot)->tuple[direction], tuple))
			return connection_at(slot);
	}
}

struct connection *table_find_in_zones(const struct table *table, size_t place, const struct tuple *tuple,
				       const uint16_t zone[2], enum direction *direction)
{
	const struct table_ahead *ahead = &table->ahead[place % TABLE_MOST_AHEAD];
	struct tuple key = *tuple;
	struct connection *connection;

	key.zone = zone[DIRECTION_ORIGINAL];
	if (zone[DIRECTION_ORIGINAL] == zone[DIRECTION_REPLY])
		return find(table, &key, tuple_is_equal(&ahead->tuple, &key) ? ahead->hash : hash_of(table, &key), direction);
	*direction = DIRECTION_ORIGINAL;
	connection = table_find_in(table, &key, DIRECTION_ORIGINAL);
	if (connection)
		return connection;
	*direction = DIRECTION_REPLY;
	key.zone = zone[DIRECTION_REPLY];
	return table_find_in(table, &key, DIRECTION_REPLY);
}

void table_foresee(struct table *table, size_t place, const struct tuple *tuple)
{
	struct table_ahead *ahead = &table->ahead[place % TABLE_MOST_AHEAD];

	ahead->tuple = *tuple;
	ahead->hash = hash_of(table, tuple);
	__builtin_prefetch(&table->slots[ahead->hash & (table->n_slots - 1)]);
}

void table_foresee_connection(const struct table *table, size_t place)
{
	uint64_t hash = table->ahead[place % TABLE_MOST_AHEAD].hash;
	const struct table_slot *slot = &table->slots[hash & (table->n_slots - 1)];
	/* What of an entry every packet touches; of TCP its memory, too. */
	int n_lines = table->ahead[place % TABLE_MOST_AHEAD].tuple.protocol == PROTOCOL_TCP ? 4 : 2;

	/* A neighbour that was displaced is not worth a search. */
	if (!slot->reference || slot->hash != hash)
		return;
	for (int line = 0; line < n_lines; line++)
		__builtin_prefetch((const char *)connection_at(slot) + line * TABLE_LINE);
}

static void insert(struct table *table, struct table_slot slot)
{
	size_t at = slot.hash & (table->n_slots - 1);

	while (table->slots[at].reference)
		at = (at + 1) & (table->n_slots - 1);
	table->slots[at] = slot;
	table->n_used++;
}

static void grow(struct table *table)
{
	struct table_slot *old = table->slots;
	size_t n_old = table->n_slots;

	table->n_slots = n_old * 2;
	table->n_used = 0;
	table->slots = alloc_table(table->n_slots, sizeof(*table->slots), TABLE_LINE);
	for (size_t i = 0; i < n_old; i++)
		if (old[i].reference)
			insert(table, old[i]);
	free(old);
}

/* A flow from an address and port to itself has one tuple: Linux finds its reply side first. */
static bool is_own_reply(const struct connection *connection)
{
	return tuple_is_equal(&connection->tuple[DIRECTION_ORIGINAL], &connection->tuple[DIRECTION_REPLY]);
}

void table_add(struct table *table, struct connection *connection)
{
	for (int direction = is_own_reply(connection) ? DIRECTION_REPLY : DIRECTION_ORIGINAL;
	     direction <= DIRECTION_REPLY; direction++) {
		if ((table->n_used + 1) * 2 > table->n_slots)
			grow(table);
		insert(table, (struct table_slot){
			.hash = hash_of(table, &connection->tuple[direction]),
			.reference = (uintptr_t)connection | (uintptr_t)direction,
		});
	}
}

/* Closes the gap at `hole`: whatever probed across it moves back. */
static void close_gap(struct table *table, size_t hole)
{
	size_t mask = table->n_slots - 1;

	for (size_t at = (hole + 1) & mask; table->slots[at].reference; at = (at + 1) & mask) {
		size_t home = table->slots[at].hash & mask;

		if (((at - home) & mask) >= ((at - hole) & mask)) {
			table->slots[hole] = table->slots[at];
			hole = at;
		}
	}
	table->slots[hole] = (struct table_slot){ 0 };
	table->n_used--;
}

void table_remove(struct table *table, const struct connection *connection)
{
	for (int direction = is_own_reply(connection) ? DIRECTION_REPLY : DIRECTION_ORIGINAL;
	     direction <= DIRECTION_REPLY; direction++) {
		uintptr_t reference = (uintptr_t)connection | (uintptr_t)direction;
		size_t at = hash_of(table, &connection->tuple[direction]) & (table->n_slots - 1);

		while (table->slots[at].reference != reference) {
			assert(table->slots[at].reference);
			at = (at + 1) & (table->n_slots - 1);
		}
		close_gap(table, at);
	}
}
