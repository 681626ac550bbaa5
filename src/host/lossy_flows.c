/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/lossy_flows.h"

#include <assert.h>

#include "base/random.h"

enum { TAG_BITS = LOSSY_FLOWS_TAG_BITS, LAST_TAG = (1 << TAG_BITS) - 1, LAST_SLOT = LOSSY_FLOWS_SLOTS - 1 };

static_assert(LOSSY_FLOWS_SLOTS == 1 << (32 - TAG_BITS), "a hash is a slot's number and a tag");
static_assert(sizeof(struct lossy_slot) == 4, "sixteen in a cache line");

void lossy_flows_init(struct lossy_flows *flows, uint64_t seed)
{
	struct random random;

	random_init(&random, seed);
	for (int i = 0; i < LOSSY_FLOWS_KEYS; i++)
		flows->keys[i] = random_u64(&random);
}

static uint64_t sum_of_tail(const uint64_t keys[3], const struct address *address)
{
	return keys[0] * address->word[1] + keys[1] * address->word[2] + keys[2] * address->word[3];
}

/*
 * The upper half of a sum of products with secret numbers, of which none waits for another: any two keys meet as seldom as
 * numbers drawn at random do.
 */
uint32_t lossy_flows_hash(const struct lossy_flows *flows, const struct tuple *key)
{
	const uint64_t *keys = flows->keys;
	uint64_t sum = keys[0] * key->source.word[0] + keys[1] * key->destination.word[0] +
		       keys[2] * ((uint32_t)key->source_port << 16 | key->destination_port) +
		       keys[3] * ((uint32_t)key->zone << 16 | (uint32_t)key->protocol << 8 | key->family);

	/* Of IPv4 nothing but zeros. */
	if (key->family == FAMILY_IPV6)
		sum += sum_of_tail(&keys[4], &key->source) + sum_of_tail(&keys[7], &key->destination);
	return (uint32_t)(sum >> 32);
}

static uint32_t slot_of(uint32_t hash)
{
	return hash >> TAG_BITS;
}

static uint32_t tag_of(uint32_t hash)
{
	return hash & LAST_TAG;
}

static uint32_t next(uint32_t slot)
{
	return (slot + 1) & LAST_SLOT;
}

void lossy_flows_foresee(const struct lossy_flows *flows, uint32_t hash)
{
	__builtin_prefetch(&flows->slots[slot_of(hash)]);
}

/* The first with the tag, or an empty slot. */
static uint32_t find_tag(const struct lossy_flows *flows, uint32_t at, uint32_t tag)
{
	while (flows->slots[at].place && flows->slots[at].tag != tag)
		at = next(at);
	return at;
}

void lossy_flows_foresee_flow(const struct lossy_flows *flows, uint32_t hash)
{
	uint32_t place = flows->slots[find_tag(flows, slot_of(hash), tag_of(hash))].place;

	if (!place)
		return;
	__builtin_prefetch(&flows->flows[place - 1].key);
	__builtin_prefetch(&flows->flows[place - 1].initiator);
}

struct lossy_flow *lossy_flows_find(struct lossy_flows *flows, const struct tuple *key, uint32_t hash)
{
	uint32_t tag = tag_of(hash);

	for (uint32_t at = find_tag(flows, slot_of(hash), tag); flows->slots[at].place; at = find_tag(flows, next(at), tag)) {
		struct lossy_flow *flow = &flows->flows[flows->slots[at].place - 1];

		if (tuple_is_equal(&flow->key, key))
			return flow;
	}
	return NULL;
}

/* What stands behind it and might stand here moves up, so that no search ends before its flow. */
static void empty_slot(struct lossy_flows *flows, uint32_t empty)
{
	for (uint32_t at = next(empty); flows->slots[at].place; at = next(at)) {
		const struct tuple *key = &flows->flows[flows->slots[at].place - 1].key;
		uint32_t wanted = slot_of(lossy_flows_hash(flows, key));

		if (((at - wanted) & LAST_SLOT) < ((at - empty) & LAST_SLOT))
			continue;
		flows->slots[empty] = flows->slots[at];
		empty = at;
	}
	flows->slots[empty].place = 0;
}

static void forget(struct lossy_flows *flows, uint32_t place)
{
	uint32_t at = slot_of(lossy_flows_hash(flows, &flows->flows[place].key));

	while (flows->slots[at].place != place + 1)
		at = next(at);
	empty_slot(flows, at);
}

struct lossy_flow *lossy_flows_add(struct lossy_flows *flows, const struct tuple *key, uint32_t hash)
{
	uint32_t place = (uint32_t)(flows->n_added % LOSSY_FLOWS_KEPT), at = slot_of(hash);
	struct lossy_flow *flow = &flows->flows[place];

	if (flows->n_added++ >= LOSSY_FLOWS_KEPT)
		forget(flows, place);
	while (flows->slots[at].place)
		at = next(at);
	flows->slots[at] = (struct lossy_slot){ .place = (place + 1) & LAST_SLOT, .tag = hash & LAST_TAG };
	*flow = (struct lossy_flow){ .key = *key };
	return flow;
}
