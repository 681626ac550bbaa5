/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/causes.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "host/lossy_flows.h"
#include "packet/decode.h"

enum { ICMP_ECHO_REPLY = 0, ICMPV6_ECHO_REPLY = 129, ICMP_TIMESTAMP_REPLY = 14, ICMP_INFORMATION_REPLY = 16,
       ICMP_MASK_REPLY = 18 };

/* A packet's flow, looked for once; foreseen, the memory that the search needs is on its way. */
struct glance {
	uint64_t number;		/* of the packet; 0: nothing is known */
	bool has_key, was_found;
	unsigned side;			/* who sends it */
	uint32_t hash;
	struct tuple key;		/* the lower end as source */
	struct lossy_flow *flow;		/* meaningful when was_found; or NULL */
};

enum { GLANCES = 32 };

struct causes {
	struct lossy_flows flows;	/* side 0 is the lower end */
	struct glance glances[GLANCES];	/* of packets by their number */
};

struct causes *causes_create(uint64_t hash_seed)
{
	struct causes *causes = alloc_table(1, sizeof(*causes), alignof(struct causes));

	lossy_flows_init(&causes->flows, hash_seed);
	return causes;
}

void causes_destroy(struct causes *causes)
{
	free(causes);
}

/* In any order that is one. */
static bool is_lower(const struct address *a, const struct address *b)
{
	uint64_t of_a[2], of_b[2];

	memcpy(of_a, a, sizeof(of_a));
	memcpy(of_b, b, sizeof(of_b));
	return of_a[0] < of_b[0] || (of_a[0] == of_b[0] && of_a[1] < of_b[1]);
}

/* So that both directions have one key. True: what was the destination is the source now. */
static bool put_lower_first(struct tuple *key)
{
	struct tuple back = *key;

	if (is_lower(&key->source, &key->destination) ||
	    (key->source_port <= key->destination_port && !is_lower(&key->destination, &key->source)))
		return false;
	key->source = back.destination;
	key->destination = back.source;
	key->source_port = back.destination_port;
	key->destination_port = back.source_port;
	return true;
}

/* The flow's key; *side: who sends this packet. False: it belongs to none. */
static bool key_of(const struct packet *packet, struct tuple *key, unsigned *side)
{
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
	*side = put_lower_first(key);
	return true;
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
		glance->hash = lossy_flows_hash(&causes->flows, &glance->key);
	return glance;
}

/* Between causes_find() and causes_note() of one packet no flow comes or goes. */
static struct lossy_flow *flow_at(struct causes *causes, struct glance *glance)
{
	if (!glance->was_found)
		glance->flow = lossy_flows_find(&causes->flows, &glance->key, glance->hash);
	glance->was_found = true;
	return glance->flow;
}

static bool has_flows(const struct causes *causes)
{
	return causes->flows.n_added;
}

void causes_foresee(struct causes *causes, const struct packet *packets, size_t n_packets)
{
	if (!has_flows(causes))
		return;
	for (size_t i = 0; i < n_packets && i < GLANCES; i++) {
		const struct glance *glance = glance_at(causes, &packets[i]);

		if (glance->has_key)
			lossy_flows_foresee(&causes->flows, glance->hash);
	}
	for (size_t i = 0; i < n_packets && i < GLANCES; i++) {
		const struct glance *glance = glance_at(causes, &packets[i]);

		if (glance->has_key)
			lossy_flows_foresee_flow(&causes->flows, glance->hash);
	}
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

static uint64_t acknowledges_lost(const struct lossy_flow *flow, unsigned sender, const struct packet *packet)
{
	const struct lossy_side *other = &flow->side[!sender];
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
	const struct lossy_flow *flow;
	struct tuple key;
	unsigned sender;

	if (!key_of(inner, &key, &sender) || !(flow = lossy_flows_find(&causes->flows, &key, lossy_flows_hash(&causes->flows, &key))))
		return 0;
	return flow->side[sender].lost;
}

uint64_t causes_find(struct causes *causes, const struct packet *packet)
{
	const struct lossy_flow *flow;
	struct glance *glance;
	struct packet inner;
	unsigned sender;

	if (!has_flows(causes))
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

static void lose_segment(struct lossy_side *side, const struct packet *packet)
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
static void bring_segment(struct lossy_side *side, const struct packet *packet)
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

static void note_lost(struct lossy_flow *flow, unsigned sender, const struct packet *packet, uint64_t number)
{
	struct lossy_side *side = &flow->side[sender];

	if (packet->protocol == PROTOCOL_TCP && packet->has_l4)
		lose_segment(side, packet);
	side->lost = number;
}

static void note_through(struct lossy_flow *flow, unsigned sender, const struct packet *packet)
{
	struct lossy_side *side = &flow->side[sender];

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
	struct lossy_flow *flow;
	unsigned sender;

	if ((!cause->is_lost && !has_flows(causes)) || (packet_is_icmp(packet) && decode_embedded(packet, &inner)))
		return;
	glance = glance_at(causes, packet);
	if (!glance->has_key)
		return;
	sender = glance->side;
	flow = flow_at(causes, glance);
	if (!flow && cause->is_lost) {
		flow = glance->flow = lossy_flows_add(&causes->flows, &glance->key, glance->hash);
		/* Of those that got through before, one may still have no answer. */
		flow->side[sender].is_owed = cause->has_entry;
		flow->initiator = cause->is_reply || is_from_a_service(packet) ? !sender : sender;
	}
	if (flow && cause->is_lost)
		note_lost(flow, sender, packet, cause->number);
	else if (flow)
		note_through(flow, sender, packet);
}
