/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/random.h"
#include "packet/packet.h"

enum { TABLE_FIRST_SLOTS = 1024, TABLE_LINE = 64, SLOTS_OF_LINE = TABLE_LINE / sizeof(struct table_slot) };

void table_init(struct table *table, const struct store *store, uint64_t seed)
{
	struct random random;

	memset(table, 0, sizeof(*table));
	table->store = store;
	random_init(&random, seed);
	for (int i = 0; i < TABLE_KEYS; i++)
		table->keys[i] = random_u64(&random) | 1;
	table->n_slots = TABLE_FIRST_SLOTS;
	table->slots = alloc_table(table->n_slots, sizeof(*table->slots), TABLE_LINE);
}

void table_clear(struct table *table)
{
	free(table->slots);
	memset(table, 0, sizeof(*table));
}

/* What an IPv6 address has beyond its first word. */
static uint64_t hash_of_tail(const struct table *table, const struct address *address)
{
	uint64_t mixed = ((uint64_t)address->word[1] << 32 | address->word[2]) ^ table->keys[4];

	mixed = (mixed * table->keys[3]) ^ address->word[3];
	mixed *= table->keys[1];
	return mixed ^ mixed >> 32;
}

/*
 * One end of a flow, each step a multiplication by a secret number. With one instead of two, flows meet that have the ports of
 * their ends exchanged.
 */
static inline uint64_t hash_of_end(const struct table *table, const struct tuple *tuple, const struct address *address,
				   uint16_t port)
{
	uint64_t mixed = ((uint64_t)port << 32 | address->word[0]) ^ table->keys[0];

	if (tuple->family == FAMILY_IPV6)
		mixed += hash_of_tail(table, address);
	mixed *= table->keys[2];
	mixed = (mixed ^ mixed >> 32) * table->keys[1];
	return mixed ^ mixed >> 32;
}

/* The same for both directions: the sum of the two ends, each with its port; with a query's identifier for both. */
uint32_t table_hash(const struct table *table, const struct tuple *tuple)
{
	uint16_t back = tuple_is_query(tuple) ? tuple->source_port : tuple->destination_port;
	uint64_t mixed = hash_of_end(table, tuple, &tuple->source, tuple->source_port) +
			 hash_of_end(table, tuple, &tuple->destination, back);

	mixed = (mixed ^ (uint64_t)tuple->zone << 16 ^ tuple->protocol) * table->keys[3];
	return (uint32_t)((mixed ^ mixed >> 32) * table->keys[4] >> 32);
}

/* Are these the ends of an IPv6 entry, as far as its key does not say? */
static bool has_tail(const struct connection *connection, const struct address *source, const struct address *destination)
{
	const struct connection_tail *tail = connection_tail(connection);

	return memcmp(tail->source, &source->word[1], sizeof(tail->source)) == 0 &&
	       memcmp(tail->destination, &destination->word[1], sizeof(tail->destination)) == 0;
}

static inline bool has_ends(const struct connection *connection, const struct tuple *tuple, const struct address *source,
			    const struct address *destination)
{
	const struct connection_key *key = &connection->key;

	return key->source == source->word[0] && key->destination == destination->word[0] && key->zone == tuple->zone &&
	       key->protocol == tuple->protocol && key->family == tuple->family &&
	       (tuple->family != FAMILY_IPV6 || has_tail(connection, source, destination));
}

static bool is_original_of(const struct connection *connection, const struct tuple *tuple)
{
	return connection->key.source_port == tuple->source_port && connection->key.destination_port == tuple->destination_port &&
	       has_ends(connection, tuple, &tuple->source, &tuple->destination);
}

static bool is_reply_of(const struct connection *connection, const struct tuple *tuple)
{
	struct tuple inverse;

	if (connection->has_reply)
		return tuple_is_equal(&connection->annex->reply, tuple);
	if (tuple_is_query(tuple))
		return tuple_invert(tuple, &inverse) && is_original_of(connection, &inverse);
	return connection->key.source_port == tuple->destination_port && connection->key.destination_port == tuple->source_port &&
	       has_ends(connection, tuple, &tuple->destination, &tuple->source);
}

enum { IN_ORIGINAL = 1 << DIRECTION_ORIGINAL, IN_REPLY = 1 << DIRECTION_REPLY };

/*
 * `directions` are those that count. A flow from an address and port to itself has one tuple: Linux finds its reply side first. Of several
 * entries it finds the newest: __nf_conntrack_hash_insert() puts it at the head of a chain.
 */
static struct connection *find(const struct table *table, const struct tuple *tuple, uint32_t hash, unsigned directions,
			       enum direction *direction)
{
	struct connection *newest = NULL;

	for (size_t at = hash & (table->n_slots - 1);; at = (at + 1) & (table->n_slots - 1)) {
		const struct table_slot *slot = &table->slots[at];
		enum direction its = DIRECTION_REPLY;
		struct connection *connection;

		if (!slot->number)
			return newest;
		if (slot->hash != hash)
			continue;
		connection = store_at(table->store, slot->number);
		if (!(directions & IN_REPLY) || !is_reply_of(connection, tuple)) {
			its = DIRECTION_ORIGINAL;
			if (!(directions & IN_ORIGINAL) || !is_original_of(connection, tuple))
				continue;
		}
		if (newest && newest->timer.order > connection->timer.order)
			continue;
		newest = connection;
		*direction = its;
		if (!table->may_hold_twice)
			return newest;
	}
}

struct connection *table_find(const struct table *table, const struct tuple *tuple, enum direction *direction)
{
	return find(table, tuple, table_hash(table, tuple), IN_ORIGINAL | IN_REPLY, direction);
}

struct connection *table_find_hashed(const struct table *table, const struct tuple *tuple, uint32_t hash, enum direction *direction)
{
	return find(table, tuple, hash, IN_ORIGINAL | IN_REPLY, direction);
}

struct connection *table_find_in(const struct table *table, const struct tuple *tuple, enum direction direction)
{
	enum direction same;

	return find(table, tuple, table_hash(table, tuple), 1u << direction, &same);
}

struct connection *table_find_in_zones(const struct table *table, const struct tuple *tuple, uint32_t hash,
				       const uint16_t zone[2], enum direction *direction)
{
	struct connection *connection;
	struct tuple key;

	if (hash && !tuple->zone && !zone[DIRECTION_ORIGINAL] && !zone[DIRECTION_REPLY])
		return table_find_hashed(table, tuple, hash, direction);
	key = *tuple;
	key.zone = zone[DIRECTION_ORIGINAL];
	if (zone[DIRECTION_ORIGINAL] == zone[DIRECTION_REPLY])
		return table_find(table, &key, direction);
	*direction = DIRECTION_ORIGINAL;
	connection = table_find_in(table, &key, DIRECTION_ORIGINAL);
	if (connection)
		return connection;
	*direction = DIRECTION_REPLY;
	key.zone = zone[DIRECTION_REPLY];
	return table_find_in(table, &key, DIRECTION_REPLY);
}

void table_foresee(const struct table *table, uint32_t hash)
{
	__builtin_prefetch(&table->slots[hash & (table->n_slots - 1)]);
}

void table_foresee_connection(const struct table *table, uint32_t hash, bool is_tcp, bool is_told)
{
	/* What of an entry every packet touches. What is before it has the number by which an entry is told. */
	enum { FIRST = offsetof(struct connection, annex), END = offsetof(struct connection, memory) + CONNECTION_SMALL_MEMORY };
	size_t at = hash & (table->n_slots - 1), end = (at / SLOTS_OF_LINE + 1) * SLOTS_OF_LINE;
	size_t last = is_tcp ? sizeof(struct connection) : END;

	/* In its cache line alone: one that was displaced further is not worth a wait. */
	while (at < end && table->slots[at].number && table->slots[at].hash != hash)
		at++;
	if (at == end || !table->slots[at].number)
		return;
	for (size_t byte = is_told ? 0 : FIRST; byte < last; byte += TABLE_LINE)
		__builtin_prefetch((const char *)store_at(table->store, table->slots[at].number) + byte);
	__builtin_prefetch((const char *)store_at(table->store, table->slots[at].number) + last - 1);
}

static void insert(struct table *table, struct table_slot slot)
{
	size_t at = slot.hash & (table->n_slots - 1);

	while (table->slots[at].number)
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
		if (old[i].number)
			insert(table, old[i]);
	free(old);
}

/* The hashes under which a connection stands: one, or two. */
static int hashes_of(const struct table *table, const struct connection *connection, uint32_t hash[2])
{
	struct tuple tuple = connection_tuple(connection, DIRECTION_ORIGINAL);

	hash[0] = table_hash(table, &tuple);
	if (!connection->has_reply)
		return 1;
	hash[1] = table_hash(table, &connection->annex->reply);
	return 2;
}

void table_add(struct table *table, const struct connection *connection)
{
	uint32_t hash[2];
	int n_hashes = hashes_of(table, connection, hash);

	table->may_hold_twice |= connection->has_reply && connection->annex->reply.zone != connection->key.zone;
	for (int i = 0; i < n_hashes; i++) {
		if ((table->n_used + 1) * 4 > table->n_slots * 3)
			grow(table);
		insert(table, (struct table_slot){ .hash = hash[i], .number = connection->timer.number });
	}
}

/* Closes the gap at `hole`: whatever probed across it moves back. */
static void close_gap(struct table *table, size_t hole)
{
	size_t mask = table->n_slots - 1;

	for (size_t at = (hole + 1) & mask; table->slots[at].number; at = (at + 1) & mask) {
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
	uint32_t hash[2];
	int n_hashes = hashes_of(table, connection, hash);

	for (int i = 0; i < n_hashes; i++) {
		size_t at = hash[i] & (table->n_slots - 1);

		while (table->slots[at].number != connection->timer.number || table->slots[at].hash != hash[i]) {
			assert(table->slots[at].number);
			at = (at + 1) & (table->n_slots - 1);
		}
		close_gap(table, at);
	}
}
