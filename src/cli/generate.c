/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/generate_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/random.h"
#include "host/fib.h"
#include "packet/protocol.h"
#include "rules/extent.h"

enum {
	MOST_TRIES = 16,			/* conversations for each interval of a rule */
	PACKETS_OF_ONE = 6,		/* of a conversation, about */
	MOST_PEERS = 64,
	FIRST_PORT = 20000, N_PORTS = 40000,
	STATE_NEW = 1, STATE_RELATED = 2,	/* values of FIELD_CTSTATE */
	IPV4_HEADER_LEN = 20, IPV6_HEADER_LEN = 40, TCP_HEADER_LEN = 20, UDP_HEADER_LEN = 8,
};

/* Somebody who is not the host. */
struct peer { enum family family; struct address address; const char *interface; };

/* Values that some rule names, or stands beside. */
struct pool { struct extent_value *values; size_t n_values, capacity; };

struct generator {
	const struct topology *topology;
	struct random random;
	struct text *script;
	struct peer peers[MOST_PEERS];
	size_t n_peers;
	struct pool pools[2][FIELD_COUNT];	/* [IPv6] */
	size_t n_boxes;			/* of all rules */
	bool has_states;		/* some rule asks for the state */
	uint64_t n_tries;		/* for each box */
	uint64_t n_packets;
	uint32_t n_conversations;
};

/* One conversation to be. */
struct plan {
	enum family family;
	enum hook hook;			/* INPUT, FORWARD or OUTPUT */
	const struct rule_extent *rule;
	struct extent_value fields[FIELD_COUNT];
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
		generator->has_states |= field == FIELD_CTSTATE;
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
	for (size_t i = 0; i < rule->extent->n_boxes; i++)
		note_box(owner, rule->family, &rule->extent->boxes[i]);
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

/* "eth+" is any that begins so; "" is any. */
static bool is_interface(const char *wanted, const char *name)
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

		if (peer->family == family && is_interface(interface, peer->interface) && draw(generator, ++n_fitting) == 0)
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

		if (own->family == family && is_interface(interface, own->interface) && draw(generator, ++n_fitting) == 0)
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

static struct extent_value choose_free(struct generator *generator, const struct plan *plan, enum packet_field field)
{
	static const uint8_t protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMP };
	const struct pool *pool = &generator->pools[plan->family == FAMILY_IPV6][field];
	const char *in = plan->rule->in, *out = plan->rule->out;
	bool is_inside = strcmp(in, "lo") == 0 || strcmp(out, "lo") == 0;
	struct address address;

	switch (field) {
	case FIELD_SOURCE:
		address = is_inside || plan->hook == HOOK_OUTPUT ? choose_own(generator, plan->family, out)
								 : choose_peer(generator, plan->family, in);
		return extent_of_address(plan->family, &address);
	case FIELD_DESTINATION:
		address = is_inside || plan->hook == HOOK_INPUT ? choose_own(generator, plan->family, in)
								: choose_peer(generator, plan->family, out);
		return extent_of_address(plan->family, &address);
	case FIELD_PROTOCOL:
		return (struct extent_value){ .low = protocols[draw(generator, sizeof(protocols))] };
	case FIELD_SOURCE_PORT:
		return (struct extent_value){ .low = FIRST_PORT + generator->n_conversations % N_PORTS };
	case FIELD_DESTINATION_PORT:
		return pool->n_values ? pool->values[draw(generator, pool->n_values)] : (struct extent_value){ .low = 80 };
	case FIELD_ICMP:
		return (struct extent_value){ .low = (plan->family == FAMILY_IPV6 ? 128u : 8u) << 8 };
	default:
		return (struct extent_value){ 0, 0 };
	}
}

/* Within the box; then, mostly, one field with a value that some rule names. */
static void fill_plan(struct generator *generator, struct plan *plan, const struct extent_box *box, bool is_moved)
{
	for (int i = FIELD_NONE + 1; i < FIELD_COUNT; i++) {
		enum packet_field field = (enum packet_field)i;

		plan->fields[field] = generate_is_narrow(box, field, plan->family) ? choose_inside(generator, box, field)
									  : choose_free(generator, plan, field);
	}
	if (is_moved) {
		enum packet_field field = (enum packet_field)(FIELD_NONE + 1 + draw(generator, FIELD_COUNT - 1));
		const struct pool *pool = &generator->pools[plan->family == FAMILY_IPV6][field];

		if (pool->n_values)
			plan->fields[field] = pool->values[draw(generator, pool->n_values)];
	}
	if (plan->family == FAMILY_IPV6 && plan->fields[FIELD_PROTOCOL].low == PROTOCOL_ICMP)
		plan->fields[FIELD_PROTOCOL].low = PROTOCOL_ICMPV6;
}

static void add_end(const struct plan *plan, enum packet_field address, enum packet_field port, bool has_port,
		    struct text *out)
{
	struct address value = extent_to_address(plan->family, plan->fields[address]);
	bool is_bracketed = has_port && plan->family == FAMILY_IPV6;

	text_append(out, is_bracketed ? "[" : "");
	address_print(plan->family, &value, out);
	text_append(out, is_bracketed ? "]" : "");
	if (has_port)
		text_printf(out, ":%" PRIu64, plan->fields[port].low);
}

/* "+0.001 udp A:1 > B:2": the beginning of a line. */
static void begin_line(struct generator *generator, const struct plan *plan, const char *word, bool is_reply, bool has_ports)
{
	struct text *out = generator->script;

	text_printf(out, "+0.001 %s ", word);
	add_end(plan, is_reply ? FIELD_DESTINATION : FIELD_SOURCE, is_reply ? FIELD_DESTINATION_PORT : FIELD_SOURCE_PORT, has_ports,
		out);
	text_append(out, " > ");
	add_end(plan, is_reply ? FIELD_SOURCE : FIELD_DESTINATION, is_reply ? FIELD_SOURCE_PORT : FIELD_DESTINATION_PORT, has_ports,
		out);
	generator->n_packets++;
}

/* The payload that makes the packet as long as a rule's range of lengths wants it. */
static void add_payload(const struct plan *plan, uint32_t header_len, struct text *out)
{
	uint64_t want = plan->fields[FIELD_LENGTH].low;

	header_len += plan->family == FAMILY_IPV6 ? IPV6_HEADER_LEN : IPV4_HEADER_LEN;
	if (want > header_len && want <= 1500)
		text_printf(out, " len %" PRIu64, want - header_len);
}

static void end_line(struct generator *generator)
{
	text_append_char(generator->script, '\n');
}

static void add_tcp(struct generator *generator, const struct plan *plan, bool is_reply, const char *words)
{
	begin_line(generator, plan, "tcp", is_reply, true);
	text_printf(generator->script, " %s win 64240", words);
	add_payload(plan, TCP_HEADER_LEN, generator->script);
	end_line(generator);
}

/* An error about the packet that came `n_before` packets before. */
static void add_error(struct generator *generator, const struct plan *plan, uint64_t n_before)
{
	bool is_ipv6 = plan->family == FAMILY_IPV6;

	begin_line(generator, plan, is_ipv6 ? "icmp6" : "icmp", true, false);
	text_printf(generator->script, " unreachable port about %" PRIu64 "\n", generator->n_packets - n_before);
}

static void talk_tcp(struct generator *generator, const struct plan *plan)
{
	add_tcp(generator, plan, false, "S seq 1000");
	add_tcp(generator, plan, true, "S. seq 5000 ack 1001");
	add_tcp(generator, plan, false, ". seq 1001 ack 5001");
	add_tcp(generator, plan, true, "P. seq 5001 ack 1001");
	if (generator->has_states)
		add_error(generator, plan, 2);
}

/* Flags that begin no connection, each from a port of its own. */
static void stray_tcp(struct generator *generator, struct plan plan, bool has_free_port)
{
	static const char *const strays[] = { "F. seq 1 ack 1", "R seq 1", "none seq 1", "SF seq 1", "FPU seq 1", ". seq 1 ack 1" };

	for (size_t i = 0; i < sizeof(strays) / sizeof(strays[0]); i++) {
		generator->n_conversations++;
		if (has_free_port)
			plan.fields[FIELD_SOURCE_PORT] = choose_free(generator, &plan, FIELD_SOURCE_PORT);
		add_tcp(generator, &plan, false, strays[i]);
	}
}

static void talk_udp(struct generator *generator, const struct plan *plan)
{
	for (unsigned i = 0; i < 3; i++) {
		begin_line(generator, plan, "udp", i == 1, true);
		add_payload(plan, UDP_HEADER_LEN, generator->script);
		end_line(generator);
	}
	if (!generator->has_states)
		return;
	add_error(generator, plan, 1);
	begin_line(generator, plan, "udp", false, true);
	text_append(generator->script, " bad-checksum\n");
}

static void talk_icmp(struct generator *generator, const struct plan *plan)
{
	const char *word = plan->family == FAMILY_IPV6 ? "icmp6" : "icmp";
	uint32_t type = (uint32_t)plan->fields[FIELD_ICMP].low >> 8 & 0xff, code = (uint32_t)plan->fields[FIELD_ICMP].low & 0xff;
	uint32_t echo = plan->family == FAMILY_IPV6 ? 128 : 8, reply = plan->family == FAMILY_IPV6 ? 129 : 0;

	begin_line(generator, plan, word, false, false);
	text_printf(generator->script, " type %u code %u id %u\n", type, code, generator->n_conversations & 0xffff);
	if (type != echo)
		return;
	begin_line(generator, plan, word, true, false);
	text_printf(generator->script, " type %u code %u id %u\n", reply, code, generator->n_conversations & 0xffff);
}

static void talk_otherwise(struct generator *generator, const struct plan *plan)
{
	char word[16];

	snprintf(word, sizeof(word), "proto %u", (unsigned)plan->fields[FIELD_PROTOCOL].low);
	for (unsigned i = 0; i < 2; i++) {
		begin_line(generator, plan, word, i == 1, false);
		text_append(generator->script, " len 24\n");
	}
}

static void talk(struct generator *generator, const struct plan *plan)
{
	generator->n_conversations++;
	switch (plan->fields[FIELD_PROTOCOL].low) {
	case PROTOCOL_TCP:
		talk_tcp(generator, plan);
		break;
	case PROTOCOL_UDP:
		talk_udp(generator, plan);
		break;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		if ((plan->family == FAMILY_IPV6) == (plan->fields[FIELD_PROTOCOL].low == PROTOCOL_ICMPV6))
			talk_icmp(generator, plan);
		break;
	default:
		talk_otherwise(generator, plan);
	}
}

static void turn(struct plan *plan)
{
	struct extent_value source = plan->fields[FIELD_SOURCE], port = plan->fields[FIELD_SOURCE_PORT];

	plan->fields[FIELD_SOURCE] = plan->fields[FIELD_DESTINATION];
	plan->fields[FIELD_SOURCE_PORT] = plan->fields[FIELD_DESTINATION_PORT];
	plan->fields[FIELD_DESTINATION] = source;
	plan->fields[FIELD_DESTINATION_PORT] = port;
}

/* An error that arrives the way of the plan, about a packet that went the other way. */
static void talk_related(struct generator *generator, struct plan plan)
{
	turn(&plan);
	plan.fields[FIELD_PROTOCOL].low = PROTOCOL_UDP;
	generator->n_conversations++;
	begin_line(generator, &plan, "udp", false, true);
	end_line(generator);
	add_error(generator, &plan, 1);
}

static bool is_icmp(const struct plan *plan)
{
	return plan->fields[FIELD_PROTOCOL].low == PROTOCOL_ICMP || plan->fields[FIELD_PROTOCOL].low == PROTOCOL_ICMPV6;
}

/* A rule for what is not NEW also sees answers to what was begun from the other side. */
static void talk_backwards(struct generator *generator, struct plan plan, const struct extent_box *box)
{
	if (box->first[FIELD_CTSTATE].low <= STATE_NEW && box->last[FIELD_CTSTATE].low >= STATE_NEW)
		return;
	if (is_icmp(&plan) || box->first[FIELD_CTSTATE].low == STATE_RELATED) {
		talk_related(generator, plan);
	} else {
		turn(&plan);
		talk(generator, &plan);
	}
}

/* Where packets of the rule's hooks come from and go to. */
static bool choose_hook(struct generator *generator, const struct rule_extent *rule, enum hook *hook)
{
	static const enum hook ways[] = { HOOK_INPUT, HOOK_FORWARD, HOOK_OUTPUT };
	uint32_t hooks = rule->hooks;
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

static void try_box(struct generator *generator, const struct rule_extent *rule, const struct extent_box *box)
{
	struct plan plan = { .family = rule->family, .rule = rule };

	for (uint64_t i = 0; i < generator->n_tries && generator->n_packets < GENERATE_MOST_PACKETS; i++) {
		if (!choose_hook(generator, rule, &plan.hook))
			return;
		fill_plan(generator, &plan, box, i % 3 == 2);
		talk(generator, &plan);
		talk_backwards(generator, plan, box);
		if (i == 0 && plan.fields[FIELD_PROTOCOL].low == PROTOCOL_TCP)
			stray_tcp(generator, plan, !generate_is_narrow(box, FIELD_SOURCE_PORT, plan.family));
	}
}

static void try_rule(void *owner, const struct rule_extent *rule)
{
	struct generator *generator = owner;

	for (size_t i = 0; i < rule->extent->n_boxes; i++)
		try_box(generator, rule, &rule->extent->boxes[i]);
}

static void visit_all(const struct generate_options *options, rule_extent_visitor *visit, struct generator *generator)
{
	for (size_t i = 0; i < options->n_rulesets; i++)
		ruleset_visit_extents(options->rulesets[i], visit, generator);
}

void generate_script(const struct generate_options *options, struct text *script)
{
	struct generator generator = { .topology = options->topology, .script = script };

	random_init(&generator.random, options->seed);
	find_peers(&generator);
	visit_all(options, note_rule, &generator);
	generator.n_tries = GENERATE_MOST_PACKETS / (PACKETS_OF_ONE * 2 * (generator.n_boxes + 1));
	if (generator.n_tries > MOST_TRIES)
		generator.n_tries = MOST_TRIES;
	if (generator.n_tries == 0)
		generator.n_tries = 1;
	text_append(script, "# ctreplay packets\n");
	visit_all(options, try_rule, &generator);
	for (unsigned i = 0; i < 2 * FIELD_COUNT; i++)
		free(generator.pools[i / FIELD_COUNT][i % FIELD_COUNT].values);
}
