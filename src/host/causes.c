/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/causes.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/decode.h"
#include "packet/tuple.h"

/* Flows that lost a packet; the oldest gives way. Every other one needs no memory. */
enum { FLOWS_KEPT = 1 << 16, SLOTS = FLOWS_KEPT * 2 };

enum { ICMP_ECHO_REPLY = 0, ICMPV6_ECHO_REPLY = 129, ICMP_TIMESTAMP_REPLY = 14, ICMP_INFORMATION_REPLY = 16,
       ICMP_MASK_REPLY = 18 };

/* What one side of a flow sent and the other did not get. */
struct side {
	uint64_t lost;			/* number of the latest packet that was lost with nothing getting through since; 0: none */
	uint32_t from, to;		/* TCP: sequence numbers that were lost, [from, to) */
	bool has_range;
	bool is_owed;			/* not TCP: one that got through has had no answer yet */
};

struct flow {
	struct tuple key;		/* the lower end as source */
	struct side side[2];		/* 0: sent by the lower end */
	unsigned initiator;		/* which side began, as far as is known */
	uint32_t next;			/* in its slot's list: index + 1 */
};

/* A packet's flow, looked for once; foreseen, the memory that the search needs is on its way. */
struct glance {
	uint64_t number;		/* of the packet; 0: nothing is known */
	bool has_key, was_found;
	unsigned side;			/* who sends it */
	uint32_t slot;
	struct tuple key;
	struct flow *flow;		/* meaningful when was_found; or NULL */
};

enum { GLANCES = 32 };

struct causes {
	struct flow flows[FLOWS_KEPT];
	uint32_t slots[SLOTS];		/* index + 1; 0: empty */
	uint64_t n_flows;		/* ever */
	struct glance glances[GLANCES];	/* of packets by their number */
};

struct causes *causes_create(void)
{
	return alloc_table(1, sizeof(struct causes), alignof(struct causes));
}

void causes_destroy(struct causes *causes)
{
	free(causes);
}

/* The flow's key; *side: who sends this packet. False: it belongs to none. */
static bool key_of(const struct packet *packet, struct tuple *key, unsigned *side)
{
	struct tuple back;
	int order;

	if (packet->family == FAMILY_NONE || packet->fragment_offset)
		return false;
	*key = (struct tuple){
		.source = packet->source, .destination = packet->destination,
		.protocol = packet->protocol, .family = packet->family,
	};
	if (packet->has_ports) {
		key->source_port = packet->source_port;
		key->destination_port = packet->destination_port;
	} else if (packet_is_icmp(packet) && packet->has_l4) {
		key->source_port = packet->icmp_id;
		key->destination_port = packet->icmp_id;
		key->zone = packet->icmp_sequence;
	}
	/* The lower end is the source, so that both directions have one key. */
	order = address_compare(&key->source, &key->destination);
	*side = order > 0 || (order == 0 && key->source_port > key->destination_port);
	if (*side) {
		back = *key;
		key->source = back.destination;
		key->destination = back.source;
		key->source_port = back.destination_port;
		key->destination_port = back.source_port;
	}
	return true;
}

static size_t slot_of(const struct tuple *key)
{
	uint64_t words[sizeof(*key) / 8], hash = 0;

	memcpy(words, key, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 29;
	}
	return (size_t)hash & (SLOTS - 1);
}

static struct flow *find_flow(struct causes *causes, const struct tuple *key, size_t slot)
{
	for (uint32_t at = causes->slots[slot]; at; at = causes->flows[at - 1].next)
		if (tuple_is_equal(&causes->flows[at - 1].key, key))
			return &causes->flows[at - 1];
	return NULL;
}

static struct glance *glance_at(struct causes *causes, const struct packet *packet)
{
	struct glance *glance = &causes->glances[packet->number % GLANCES];

	if (glance->number == packet->number && glance->number)
		return glance;
	glance->number = packet->number;
	glance->was_found = false;
	glance->has_key = key_of(packet, &glance->key, &glance->side);
	if (glance->has_key)
		glance->slot = (uint32_t)slot_of(&glance->key);
	return glance;
}

/* Between causes_find() and causes_note() of one packet no flow comes or goes. */
static struct flow *flow_at(struct causes *causes, struct glance *glance)
{
	if (!glance->was_found)
		glance->flow = find_flow(causes, &glance->key, glance->slot);
	glance->was_found = true;
	return glance->flow;
}

void causes_foresee(struct causes *causes, const struct packet *packets, size_t n_packets)
{
	if (!causes->n_flows)
		return;
	for (size_t i = 0; i < n_packets && i < GLANCES; i++) {
		const struct glance *glance = glance_at(causes, &packets[i]);

		if (glance->has_key)
			__builtin_prefetch(&causes->slots[glance->slot]);
	}
	for (size_t i = 0; i < n_packets && i < GLANCES; i++) {
		const struct glance *glance = glance_at(causes, &packets[i]);
		uint32_t at = glance->has_key ? causes->slots[glance->slot] : 0;

		if (!at)
			continue;
		__builtin_prefetch(&causes->flows[at - 1].key);
		__builtin_prefetch(&causes->flows[at - 1].next);
	}
}

static void forget_flow(struct causes *causes, uint32_t place)
{
	uint32_t *at = &causes->slots[slot_of(&causes->flows[place].key)];

	while (*at && *at != place + 1)
		at = &causes->flows[*at - 1].next;
	if (*at)
		*at = causes->flows[place].next;
}

static struct flow *add_flow(struct causes *causes, const struct glance *glance)
{
	uint32_t place = (uint32_t)(causes->n_flows % FLOWS_KEPT), *slot = &causes->slots[glance->slot];
	struct flow *flow = &causes->flows[place];

	if (causes->n_flows++ >= FLOWS_KEPT)
		forget_flow(causes, place);
	*flow = (struct flow){ .key = glance->key, .next = *slot };
	*slot = place + 1;
	return flow;
}

/* a is behind b, modulo 2^32. */
static bool is_after(uint32_t a, uint32_t b)
{
	return a != b && a - b < 0x80000000u;
}

static uint32_t segment_end(const struct packet *packet)
{
	uint32_t len = packet->l4_len > packet->tcp_header_len ? packet->l4_len - packet->tcp_header_len : 0;

	return packet->tcp_sequence + len + !!(packet->tcp_flags & TCP_SYN) + !!(packet->tcp_flags & TCP_FIN);
}

static uint64_t acknowledges_lost(const struct flow *flow, unsigned sender, const struct packet *packet)
{
	const struct side *other = &flow->side[!sender];
	uint32_t ack = packet->tcp_acknowledgment;

	if (!other->has_range)
		return 0;
	/* A reset that acknowledges nothing answers the latest packet, whatever it was. */
	if (!(packet->tcp_flags & TCP_ACK))
		return packet->tcp_flags & TCP_RST ? other->lost : 0;
	return is_after(ack, other->from) && !is_after(ack, other->to) ? other->lost : 0;
}

static bool is_datagram(const struct packet *packet)
{
	return packet->protocol == PROTOCOL_UDP || packet->protocol == PROTOCOL_UDPLITE;
}

static bool is_icmp_answer(const struct packet *packet)
{
	uint8_t type = packet->icmp_type;

	if (packet->protocol == PROTOCOL_ICMPV6)
		return type == ICMPV6_ECHO_REPLY;
	return type == ICMP_ECHO_REPLY || type == ICMP_TIMESTAMP_REPLY || type == ICMP_INFORMATION_REPLY ||
	       type == ICMP_MASK_REPLY;
}

static uint64_t quotes_lost(struct causes *causes, const struct packet *inner)
{
	const struct flow *flow;
	struct tuple key;
	unsigned sender;

	if (!key_of(inner, &key, &sender) || !(flow = find_flow(causes, &key, slot_of(&key))))
		return 0;
	return flow->side[sender].lost;
}

uint64_t causes_find(struct causes *causes, const struct packet *packet)
{
	const struct flow *flow;
	struct glance *glance;
	struct packet inner;
	unsigned sender;

	if (!causes->n_flows)
		return 0;
	if (packet_is_icmp(packet) && decode_embedded(packet, &inner))
		return quotes_lost(causes, &inner);
	glance = glance_at(causes, packet);
	if (!glance->has_key || !(flow = flow_at(causes, glance)))
		return 0;
	sender = glance->side;
	if (packet->protocol == PROTOCOL_TCP)
		return packet->has_l4 ? acknowledges_lost(flow, sender, packet) : 0;
	if (packet_is_icmp(packet) ? !is_icmp_answer(packet) : !is_datagram(packet) || sender == flow->initiator)
		return 0;
	return flow->side[!sender].is_owed ? 0 : flow->side[!sender].lost;
}

static void lose_segment(struct side *side, const struct packet *packet)
{
	uint32_t from = packet->tcp_sequence, to = segment_end(packet);

	if (from == to)
		return;
	if (!side->has_range || is_after(side->from, from))
		side->from = from;
	if (!side->has_range || is_after(to, side->to))
		side->to = to;
	side->has_range = true;
}

/* A repetition that got through brings what had been lost. */
static void bring_segment(struct side *side, const struct packet *packet)
{
	uint32_t from = packet->tcp_sequence, to = segment_end(packet);

	if (!side->has_range || is_after(from, side->from) || !is_after(to, side->from))
		return;
	side->from = to;
	if (!is_after(side->to, to)) {
		side->has_range = false;
		side->lost = 0;
	}
}

static void note_lost(struct flow *flow, unsigned sender, const struct packet *packet, uint64_t number)
{
	struct side *side = &flow->side[sender];

	if (packet->protocol == PROTOCOL_TCP && packet->has_l4)
		lose_segment(side, packet);
	side->lost = number;
}

static void note_through(struct flow *flow, unsigned sender, const struct packet *packet)
{
	struct side *side = &flow->side[sender];

	flow->side[!sender].is_owed = false;
	if (packet->protocol == PROTOCOL_TCP && packet->has_l4) {
		bring_segment(side, packet);
		return;
	}
	side->lost = 0;
	side->is_owed = true;
}

/* From a well-known port to one that is not: it answers, whoever began is not in the capture. */
static bool is_from_a_service(const struct packet *packet)
{
	enum { LOWEST_USER_PORT = 1024 };

	return packet->has_ports && packet->source_port < LOWEST_USER_PORT &&
	       packet->destination_port >= LOWEST_USER_PORT;
}

void causes_note(struct causes *causes, const struct packet *packet, const struct cause *cause)
{
	struct glance *glance;
	struct packet inner;
	struct flow *flow;
	unsigned sender;

	if ((!cause->is_lost && !causes->n_flows) || (packet_is_icmp(packet) && decode_embedded(packet, &inner)))
		return;
	glance = glance_at(causes, packet);
	if (!glance->has_key)
		return;
	sender = glance->side;
	flow = flow_at(causes, glance);
	if (!flow && cause->is_lost) {
		flow = add_flow(causes, glance);
		/* Of those that got through before, one may still have no answer. */
		flow->side[sender].is_owed = cause->has_entry;
		flow->initiator = cause->is_reply || is_from_a_service(packet) ? !sender : sender;
	}
	if (flow && cause->is_lost)
		note_lost(flow, sender, packet, cause->number);
	else if (flow)
		note_through(flow, sender, packet);
}
