/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/protocol.h"
#include "rules/options.h"

/* What a rule, or a packet, says of one group's fields. */
struct key {
	struct address source, destination;
	uint8_t protocol;
	uint16_t port;
};

/* What a rule tests: its group, and its key there. */
struct tested {
	struct address source_mask, destination_mask;
	bool has_protocol, has_port;
	struct key key;
};

struct builder {
	struct rule_index *index;
	struct tested *tested;		/* one for each rule */
	uint32_t *group_of;		/* likewise */
	uint32_t *hashes;		/* likewise */
	uint32_t first, n_rules;
};

/*
 * The one destination port of -m tcp or udp. Matches before it must be blind to all but the flow: others would change their state, or
 * drop, before the port is looked at.
 */
static bool find_port(const struct rule_code *rule, uint16_t *port)
{
	if (rule->protocol != PROTOCOL_TCP && rule->protocol != PROTOCOL_UDP)
		return false;
	for (const struct match_instance *match = rule->matches; match && match->type; match++) {
		for (size_t i = 0; i < match->type->n_options; i++) {
			const struct option_spec *option = &match->type->options[i];
			const struct number_range *range = (const void *)((const char *)match->config + option->offset);

			if (option->field != FIELD_DESTINATION_PORT || option->kind != OPTION_PORT_RANGE ||
			    !options_is_seen(match->config, option->mark) || options_is_inverted(match->config, option->mark) ||
			    range->first != range->last)
				continue;
			*port = (uint16_t)range->first;
			return true;
		}
		if (match->scope == FLOW_BEYOND)
			return false;
	}
	return false;
}

static void read_addresses(const struct rule_code *rule, enum family family, struct masked_address *source,
			   struct masked_address *destination)
{
	memset(source, 0, sizeof(*source));
	memset(destination, 0, sizeof(*destination));
	if (!(rule->tests & (TEST_SOURCE | TEST_DESTINATION)))
		return;
	if (family == FAMILY_IPV6) {
		*source = rule->addresses.ipv6->source;
		*destination = rule->addresses.ipv6->destination;
		return;
	}
	source->address.word[0] = rule->addresses.ipv4.source;
	source->mask.word[0] = rule->addresses.ipv4.source_mask;
	destination->address.word[0] = rule->addresses.ipv4.destination;
	destination->mask.word[0] = rule->addresses.ipv4.destination_mask;
}

static void find_tested(const struct rule_code *rule, enum family family, struct tested *tested)
{
	uint32_t tests = rule->tests & ~(uint32_t)rule->inverted;
	struct masked_address source, destination;

	memset(tested, 0, sizeof(*tested));
	read_addresses(rule, family, &source, &destination);
	if (tests & TEST_SOURCE) {
		tested->source_mask = source.mask;
		tested->key.source = source.address;
	}
	if (tests & TEST_DESTINATION) {
		tested->destination_mask = destination.mask;
		tested->key.destination = destination.address;
	}
	if (!(tests & TEST_PROTOCOL) || !rule->protocol)
		return;
	tested->has_protocol = true;
	tested->key.protocol = rule->protocol;
	tested->has_port = find_port(rule, &tested->key.port);
}

static bool is_of_group(const struct index_group *group, const struct tested *tested)
{
	return address_is_equal(&group->source_mask, &tested->source_mask) &&
	       address_is_equal(&group->destination_mask, &tested->destination_mask) &&
	       group->has_protocol == tested->has_protocol && group->has_port == tested->has_port;
}

/* The first group tests nothing: whatever finds no place elsewhere, because there are too many kinds of tests, is there. */
static uint32_t find_group(struct rule_index *index, const struct tested *tested)
{
	uint32_t i = 0;

	while (i < index->n_groups && !is_of_group(&index->groups[i], tested))
		i++;
	if (i < index->n_groups)
		return i;
	if (index->n_groups > RULE_INDEX_MOST_GROUPS)
		return 0;
	index->groups[index->n_groups++] = (struct index_group){
		.source_mask = tested->source_mask, .destination_mask = tested->destination_mask,
		.has_protocol = tested->has_protocol, .has_port = tested->has_port,
	};
	return i;
}

/* Never 0. */
static uint32_t hash_of(const struct index_group *group, const struct key *key)
{
	uint64_t hash = group->has_protocol ? key->protocol | (uint64_t)(group->has_port ? key->port : 0) << 8 : 0;

	for (int i = 0; i < 4; i++) {
		uint64_t words = (uint64_t)(key->source.word[i] & group->source_mask.word[i]) << 32 |
				 (key->destination.word[i] & group->destination_mask.word[i]);

		hash = (hash ^ hash >> 31 ^ words) * 0x9e3779b97f4a7c15u;
	}
	return (uint32_t)(hash >> 32) | 1;
}

static struct index_slot *find_slot(const struct index_group *group, uint32_t hash)
{
	uint32_t at = (hash >> 1) & (group->n_slots - 1);

	while (group->slots[at].hash && group->slots[at].hash != hash)
		at = (at + 1) & (group->n_slots - 1);
	return &group->slots[at];
}

static void sort_into_groups(struct builder *builder, const struct rule_code *rules)
{
	struct rule_index *index = builder->index;

	index->n_groups = 1;
	for (uint32_t i = 0; i < builder->n_rules; i++) {
		find_tested(&rules[builder->first + i], index->family, &builder->tested[i]);
		builder->group_of[i] = find_group(index, &builder->tested[i]);
		builder->hashes[i] = hash_of(&index->groups[builder->group_of[i]], &builder->tested[i].key);
		index->groups[builder->group_of[i]].n_slots++;	/* how many rules, for now */
	}
}

static void make_slots(struct builder *builder, struct arena *arena)
{
	for (uint32_t i = 0; i < builder->index->n_groups; i++) {
		struct index_group *group = &builder->index->groups[i];
		uint32_t n_rules = group->n_slots;

		for (group->n_slots = 2; group->n_slots < 2 * n_rules;)
			group->n_slots *= 2;
		group->slots = arena_alloc(arena, group->n_slots * sizeof(*group->slots));
		memset(group->slots, 0, group->n_slots * sizeof(*group->slots));
	}
}

/* Each list gets its place by its length, and then its rules, in order. */
static void fill_lists(struct builder *builder, struct arena *arena)
{
	struct rule_index *index = builder->index;
	uint32_t used = 0;

	for (uint32_t i = 0; i < builder->n_rules; i++) {
		struct index_slot *slot = find_slot(&index->groups[builder->group_of[i]], builder->hashes[i]);

		slot->hash = builder->hashes[i];
		slot->n++;
	}
	index->lists = arena_alloc(arena, builder->n_rules * sizeof(*index->lists));
	for (uint32_t i = 0; i < builder->n_rules; i++) {
		struct index_slot *slot = find_slot(&index->groups[builder->group_of[i]], builder->hashes[i]);

		if (slot->n) {			/* its first rule: what it counted moves to where it fills */
			slot->first = used;
			used += slot->n;
			slot->n = 0;
		}
	}
	for (uint32_t i = 0; i < builder->n_rules; i++) {
		struct index_slot *slot = find_slot(&index->groups[builder->group_of[i]], builder->hashes[i]);

		index->lists[slot->first + slot->n++] = builder->first + i;
	}
}

struct rule_index *rule_index_create(struct arena *arena, enum family family, const struct rule_code *rules, uint32_t first,
				     uint32_t end)
{
	struct builder builder = {
		.index = arena_alloc(arena, sizeof(struct rule_index)), .first = first, .n_rules = end - first,
	};

	memset(builder.index, 0, sizeof(*builder.index));
	builder.index->family = family;
	builder.index->end = end;
	builder.tested = alloc_zeroed(builder.n_rules, sizeof(*builder.tested));
	builder.group_of = alloc_zeroed(builder.n_rules, sizeof(*builder.group_of));
	builder.hashes = alloc_zeroed(builder.n_rules, sizeof(*builder.hashes));
	sort_into_groups(&builder, rules);
	make_slots(&builder, arena);
	fill_lists(&builder, arena);
	free(builder.tested);
	free(builder.group_of);
	free(builder.hashes);
	return builder.index;
}

bool rule_index_is_for(const struct packet *packet)
{
	return packet->has_l4 && !packet->fragment_offset && !packet->l4_unreachable;
}

/* The first item that is not before `from`. */
static const uint32_t *skip_before(const uint32_t *at, const uint32_t *end, uint32_t from)
{
	while (at < end) {
		const uint32_t *middle = at + (end - at) / 2;

		if (*middle < from)
			at = middle + 1;
		else
			end = middle;
	}
	return at;
}

static void open_lists(struct index_cursor *cursor, const struct rule_index *index, const struct packet *packet, uint32_t from)
{
	struct key key = {
		.source = packet->source, .destination = packet->destination, .protocol = packet->protocol,
		.port = packet->destination_port,
	};

	cursor->index = index;
	cursor->n_lists = 0;
	for (uint32_t i = 0; i < index->n_groups; i++) {
		const struct index_slot *slot = find_slot(&index->groups[i], hash_of(&index->groups[i], &key));
		const uint32_t *list = index->lists + slot->first;

		if (!slot->n)
			continue;
		cursor->lists[cursor->n_lists].at = skip_before(list, list + slot->n, from);
		cursor->lists[cursor->n_lists++].end = list + slot->n;
	}
}

uint32_t rule_index_next(struct index_cursor *cursor, const struct rule_index *index, const struct packet *packet, uint32_t from)
{
	uint32_t next = index->end;

	if (cursor->index != index || from < cursor->last)
		open_lists(cursor, index, packet, from);
	cursor->last = from;
	for (uint32_t i = 0; i < cursor->n_lists; i++) {
		while (cursor->lists[i].at < cursor->lists[i].end && *cursor->lists[i].at < from)
			cursor->lists[i].at++;
		if (cursor->lists[i].at < cursor->lists[i].end && *cursor->lists[i].at < next)
			next = *cursor->lists[i].at;
	}
	return next;
}
