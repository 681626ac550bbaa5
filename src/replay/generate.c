/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/generate_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/random.h"
#include "host/fib.h"
#include "packet/protocol.h"
#include "rules/extent.h"

enum {
	MOST_TRIES = 16,			/* conversations for each interval of a rule */
	MOST_WAYS = 8,			/* that are looked at before a rule is tried without one */
	PACKETS_OF_ONE = 6,		/* of a conversation, about */
	MOST_PEERS = 512,
};

/* Somebody who is not the host. */
struct peer { enum family family; struct address address; const char *interface; };

/* Values that some rule names, or stands beside. */
struct pool { struct extent_value *values; size_t n_values, capacity; };

struct generator {
	const struct topology *topology;
	struct random random;
	struct peer peers[MOST_PEERS];
	size_t n_peers;
	struct pool pools[2][FIELD_COUNT];	/* [IPv6] */
	struct generate_ways ways;
	size_t n_boxes;			/* of all rules */
	uint64_t n_tries;		/* for each box */
	struct generate_writer writer;
};

/* One conversation to be, and for which rule. */
struct plan {
	struct generate_plan talk;
	enum hook hook;			/* INPUT, FORWARD or OUTPUT */
	const char *in, *out;		/* interfaces: patterns, "" for any */
	const struct rule_extent *rule;
};

static uint64_t draw(struct generator *generator, uint64_t n)
{
	return random_u64(&generator->random) % n;
}

static void add_value(struct pool *pool, struct extent_value value)
{
	for (size_t i = 0; i < pool->n_values; i++)
		if (extent_compare(pool->values[i], value) == 0)
			return;
	if (pool->n_values == pool->capacity) {
		pool->capacity = alloc_grown_capacity(pool->capacity, pool->n_values + 1);
		pool->values = alloc_resize(pool->values, pool->capacity, sizeof(value));
	}
	pool->values[pool->n_values++] = value;
}

bool generate_is_narrow(const struct extent_box *box, enum packet_field field, enum family family)
{
	static const struct extent_value none = { 0, 0 };

	return extent_compare(box->first[field], none) > 0 || extent_compare(box->last[field], extent_most(field, family)) < 0;
}

/* Enough is as good as all: a pool is looked through for each value that is added. */
enum { MOST_VALUES = 512 };

static void note_box(struct generator *generator, enum family family, const struct extent_box *box)
{
	static const struct extent_value none = { 0, 0 };

	generator->n_boxes++;
	for (int i = FIELD_NONE + 1; i < FIELD_COUNT; i++) {
		enum packet_field field = (enum packet_field)i;
		struct pool *pool = &generator->pools[family == FAMILY_IPV6][field];

		if (!generate_is_narrow(box, field, family) || pool->n_values > MOST_VALUES)
			continue;
		generator->writer.has_states |= field == FIELD_CTSTATE;
		add_value(pool, box->first[field]);
		add_value(pool, box->last[field]);
		if (extent_compare(box->first[field], none) > 0)
			add_value(pool, extent_before(box->first[field]));
		if (extent_compare(box->last[field], extent_most(field, family)) < 0)
			add_value(pool, extent_after(box->last[field]));
	}
}

static void note_rule(void *owner, const struct rule_extent *rule)
{
	struct generator *generator = owner;

	for (size_t i = 0; i < rule->extent->n_boxes; i++)
		note_box(generator, rule->family, &rule->extent->boxes[i]);
	generate_ways_add(&generator->ways, rule);
}

static void add_peer(struct generator *generator, enum family family, const struct address *address)
{
	if (generator->n_peers == MOST_PEERS || topology_is_local(generator->topology, family, address))
		return;
	generator->peers[generator->n_peers++] = (struct peer){
		.family = family,
		.address = *address,
		.interface = fib_interface_towards(generator->topology, family, address),
	};
}

/* Two neighbours on each subnet, and somebody far away. */
static void find_peers(struct generator *generator)
{
	static const uint8_t far_ipv4[] = { 198, 51, 100, 7 };
	static const uint8_t far_ipv6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff, [15] = 7 };
	const struct topology *topology = generator->topology;
	struct address far[2] = { address_from_bytes(FAMILY_IPV4, far_ipv4), address_from_bytes(FAMILY_IPV6, far_ipv6) };

	for (size_t i = 0; i < topology->n_addresses; i++) {
		enum family family = topology->addresses[i].family;
		struct extent_value value = extent_of_address(family, &topology->addresses[i].address);

		for (size_t k = 0; k < 2; k++) {
			struct address neighbour;

			value = extent_after(value);
			neighbour = extent_to_address(family, value);
			if (address_is_in(&neighbour, &topology->addresses[i].subnet))
				add_peer(generator, family, &neighbour);
		}
	}
	add_peer(generator, FAMILY_IPV4, &far[0]);
	add_peer(generator, FAMILY_IPV6, &far[1]);
}

bool generate_is_interface(const char *wanted, const char *name)
{
	size_t len = strlen(wanted);

	if (len && wanted[len - 1] == '+')
		return strncmp(wanted, name, len - 1) == 0;
	return !len || strcmp(wanted, name) == 0;
}

/* Somebody behind the interface; anybody when nobody is there. */
static struct address choose_peer(struct generator *generator, enum family family, const char *interface)
{
	const struct peer *chosen = NULL;
	uint64_t n_fitting = 0;

	for (size_t i = 0; i < generator->n_peers; i++) {
		const struct peer *peer = &generator->peers[i];

		if (peer->family == family && generate_is_interface(interface, peer->interface) && draw(generator, ++n_fitting) == 0)
			chosen = peer;
	}
	if (!chosen && *interface)
		return choose_peer(generator, family, "");
	return chosen ? chosen->address : (struct address){ { 0 } };
}

static struct address choose_own(struct generator *generator, enum family family, const char *interface)
{
	const struct topology *topology = generator->topology;
	const struct address *chosen = NULL;
	uint64_t n_fitting = 0;

	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];

		if (own->family == family && generate_is_interface(interface, own->interface) && draw(generator, ++n_fitting) == 0)
			chosen = &own->address;
	}
	if (!chosen && *interface)
		return choose_own(generator, family, "");
	return chosen ? *chosen : choose_peer(generator, family, "");
}

/* An end of the interval, or a value beside an end that is inside. */
static struct extent_value choose_inside(struct generator *generator, const struct extent_box *box, enum packet_field field)
{
	struct extent_value first = box->first[field], last = box->last[field];
	struct extent_value inside = draw(generator, 2) ? extent_after(first) : extent_before(last);

	if (draw(generator, 4) == 0 && extent_compare(inside, first) >= 0 && extent_compare(inside, last) <= 0)
		return inside;
	return draw(generator, 2) ? first : last;
}

/* Does -m addrtype or -m pkttype ask for such packets? */
static bool is_for(const struct rule_extent *rule, const char *type, const char *pkttype)
{
	for (size_t i = 0; i < rule->extent->n_conditions; i++)
		if (strstr(rule->extent->conditions[i], type) || strstr(rule->extent->conditions[i], pkttype))
			return true;
	return false;
}

/* Everybody on a link, or in a group, where the rule is for that. */
static bool choose_many(const struct plan *plan, struct address *address)
{
	static const uint8_t all[4] = { 255, 255, 255, 255 }, group[4] = { 224, 0, 0, 1 }, group_ipv6[16] = { 0xff, 0x02, [15] = 1 };
	bool is_ipv4 = plan->talk.family == FAMILY_IPV4;

	if (plan->hook == HOOK_FORWARD)
		return false;
	if (is_ipv4 && is_for(plan->rule, "BROADCAST", "broadcast"))
		*address = address_from_bytes(FAMILY_IPV4, all);
	else if (is_for(plan->rule, "MULTICAST", "multicast"))
		*address = address_from_bytes(plan->talk.family, is_ipv4 ? group : group_ipv6);
	else
		return false;
	return true;
}

static struct extent_value choose_free(struct generator *generator, const struct plan *plan, enum packet_field field)
{
	static const uint8_t protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMP };
	const struct pool *pool = &generator->pools[plan->talk.family == FAMILY_IPV6][field];
	const char *in = plan->in, *out = plan->out;
	bool is_inside = strcmp(in, "lo") == 0 || strcmp(out, "lo") == 0;
	struct address address;

	switch (field) {
	case FIELD_SOURCE:
		address = is_inside || plan->hook == HOOK_OUTPUT ? choose_own(generator, plan->talk.family, out)
								 : choose_peer(generator, plan->talk.family, in);
		return extent_of_address(plan->talk.family, &address);
	case FIELD_DESTINATION:
		if (draw(generator, 2) && choose_many(plan, &address))
			return extent_of_address(plan->talk.family, &address);
		address = is_inside || plan->hook == HOOK_INPUT ? choose_own(generator, plan->talk.family, in)
								: choose_peer(generator, plan->talk.family, out);
		return extent_of_address(plan->talk.family, &address);
	case FIELD_PROTOCOL:
		return (struct extent_value){ .low = protocols[draw(generator, sizeof(protocols))] };
	case FIELD_SOURCE_PORT:
		return generate_free_port(&generator->writer);
	case FIELD_DESTINATION_PORT:
		return pool->n_values ? pool->values[draw(generator, pool->n_values)] : (struct extent_value){ .low = 80 };
	case FIELD_ICMP:
		return (struct extent_value){ .low = (plan->talk.family == FAMILY_IPV6 ? 128u : 8u) << 8 };
	default:
		return (struct extent_value){ 0, 0 };
	}
}

/* Within the box; then, mostly, one field with a value that some rule names. */
static void fill_plan(struct generator *generator, struct plan *plan, const struct extent_box *box, bool is_moved)
{
	for (int i = FIELD_NONE + 1; i < FIELD_COUNT; i++) {
		enum packet_field field = (enum packet_field)i;

		plan->talk.fields[field] = generate_is_narrow(box, field, plan->talk.family) ? choose_inside(generator, box, field)
									  : choose_free(generator, plan, field);
	}
	if (is_moved) {
		enum packet_field field = (enum packet_field)(FIELD_NONE + 1 + draw(generator, FIELD_COUNT - 1));
		const struct pool *pool = &generator->pools[plan->talk.family == FAMILY_IPV6][field];

		if (pool->n_values)
			plan->talk.fields[field] = pool->values[draw(generator, pool->n_values)];
	}
	if (plan->talk.family == FAMILY_IPV6 && plan->talk.fields[FIELD_PROTOCOL].low == PROTOCOL_ICMP)
		plan->talk.fields[FIELD_PROTOCOL].low = PROTOCOL_ICMPV6;
}

/* Where packets of the hooks come from and go to. */
static bool choose_hook(struct generator *generator, uint32_t hooks, enum hook *hook)
{
	static const enum hook ways[] = { HOOK_INPUT, HOOK_FORWARD, HOOK_OUTPUT };
	uint64_t n_fitting = 0;

	if (hooks >> HOOK_PREROUTING & 1)
		hooks |= 1u << HOOK_INPUT | 1u << HOOK_FORWARD;
	if (hooks >> HOOK_POSTROUTING & 1)
		hooks |= 1u << HOOK_FORWARD | 1u << HOOK_OUTPUT;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if ((hooks >> ways[i] & 1) && draw(generator, ++n_fitting) == 0)
			*hook = ways[i];
	return n_fitting > 0;
}

/* By one of the ways that lead to the rule; as if it stood alone when none is found. */
static struct generate_arrival choose_arrival(struct generator *generator, const struct rule_extent *rule,
					      const struct extent_box *box)
{
	const struct generate_arrival alone = { .box = *box, .in = rule->in, .out = rule->out, .hooks = rule->hooks };
	struct generate_arrival arrival = alone;

	for (unsigned i = 0; i < MOST_WAYS; i++) {
		if (generate_ways_choose(&generator->ways, rule, &generator->random, &arrival))
			return arrival;
		arrival = alone;
	}
	return alone;
}

static void try_box(struct generator *generator, const struct rule_extent *rule, const struct extent_box *box)
{
	struct plan plan = { .talk.family = rule->family, .rule = rule };

	for (uint64_t i = 0; i < generator->n_tries && generator->writer.n_packets < GENERATE_MOST_PACKETS; i++) {
		struct generate_arrival arrival = choose_arrival(generator, rule, box);

		if (!choose_hook(generator, arrival.hooks, &plan.hook))
			return;
		plan.in = arrival.in;
		plan.out = arrival.out;
		fill_plan(generator, &plan, &arrival.box, i % 3 == 2);
		generate_talk(&generator->writer, &plan.talk);
		generate_talk_backwards(&generator->writer, plan.talk, &arrival.box);
		if (i == 0 && plan.talk.fields[FIELD_PROTOCOL].low == PROTOCOL_TCP)
			generate_stray(&generator->writer, plan.talk, !generate_is_narrow(&arrival.box, FIELD_SOURCE_PORT, plan.talk.family));
	}
}

static void try_rule(void *owner, const struct rule_extent *rule)
{
	struct generator *generator = owner;

	for (size_t i = 0; i < rule->extent->n_boxes; i++)
		try_box(generator, rule, &rule->extent->boxes[i]);
}

/* A conversation that a rule need not be known for. */
static void talk_freely(struct generator *generator, const struct generate_element *element, enum hook hook,
			enum packet_field there, const struct address *address)
{
	static const struct extent nothing;
	const struct rule_extent rule = { .family = element->family, .in = "", .out = "", .extent = &nothing };
	struct plan plan = { .talk.family = element->family, .rule = &rule, .hook = hook, .in = "", .out = "" };

	for (int i = FIELD_NONE + 1; i < FIELD_COUNT; i++)
		plan.talk.fields[i] = choose_free(generator, &plan, (enum packet_field)i);
	plan.talk.fields[FIELD_PROTOCOL].low = element->protocol;
	if (address)
		plan.talk.fields[there] = extent_of_address(element->family, address);
	if (element->has_port)
		plan.talk.fields[FIELD_DESTINATION_PORT].low = element->port;
	generate_talk(&generator->writer, &plan.talk);
}

/* With the address of an element, begun from either side, and with its port where it has one. */
static void try_address(struct generator *generator, struct generate_element element, const struct address *address)
{
	static const struct { enum hook hook; enum packet_field there; } ways[] = {
		{ HOOK_INPUT, FIELD_SOURCE }, { HOOK_OUTPUT, FIELD_DESTINATION }, { HOOK_FORWARD, FIELD_SOURCE },
		{ HOOK_FORWARD, FIELD_DESTINATION },
	};
	const uint8_t protocols[] = { element.protocol ? element.protocol : PROTOCOL_TCP, PROTOCOL_UDP };
	const size_t n_protocols = element.protocol ? 1 : 2;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		for (size_t k = 0; k < n_protocols && generator->writer.n_packets < GENERATE_MOST_PACKETS; k++) {
			element.protocol = protocols[k];
			talk_freely(generator, &element, ways[i].hook, ways[i].there, address);
		}
}

static void try_elements(struct generator *generator, const struct ipsets *const sets[2])
{
	struct generate_elements found;

	generate_find_elements(sets, &found);
	for (size_t i = 0; i < found.n; i++) {
		struct generate_element *element = &found.elements[i];
		bool has_address = element->family != FAMILY_NONE;

		if (!has_address)
			element->family = FAMILY_IPV4;
		try_address(generator, *element, has_address ? &element->first : NULL);
		if (has_address && !address_is_equal(&element->first, &element->last))
			try_address(generator, *element, &element->last);
	}
}

static void visit_all(const struct generate_options *options, rule_extent_visitor *visit, struct generator *generator)
{
	for (size_t i = 0; i < options->n_rulesets; i++)
		ruleset_visit_extents(options->rulesets[i], visit, generator);
}

void generate_script(const struct generate_options *options, struct text *script)
{
	struct generator generator = { .topology = options->topology, .writer.script = script };

	random_init(&generator.random, options->seed);
	find_peers(&generator);
	visit_all(options, note_rule, &generator);
	generator.n_tries = GENERATE_MOST_PACKETS / (PACKETS_OF_ONE * 2 * (generator.n_boxes + 1));
	if (generator.n_tries > MOST_TRIES)
		generator.n_tries = MOST_TRIES;
	if (generator.n_tries == 0)
		generator.n_tries = 1;
	text_append(script, "# ctreplay packets\n");
	generate_print_host(options->topology, script);
	try_elements(&generator, options->sets);
	visit_all(options, try_rule, &generator);
	for (unsigned i = 0; i < 2 * FIELD_COUNT; i++)
		free(generator.pools[i / FIELD_COUNT][i % FIELD_COUNT].values);
	generate_ways_clear(&generator.ways);
}
