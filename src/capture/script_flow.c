/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conversations: what two ends say to each other, on one line or on several. The script keeps count of what each of them
 * has sent, so that sequence numbers and acknowledgments are right: 1000 and 5000 are the first ones.
 */
#include <string.h>

#include "capture/script_parts.h"
#include "packet/packet.h"

enum { FIRST_SEQUENCE = 1000, FIRST_ANSWER = 5000, SEGMENT_LEN = 1460, SEGMENTS_A_WINDOW = 32, MOST_ACTIONS = 64 };

/* What was sent last and may be sent again. */
struct script_segment {
	uint32_t side, sequence, len, flags;
	const uint8_t *payload;
};

struct script_flow {
	struct script_flow *next;
	uint8_t protocol;
	struct address addresses[2];
	uint32_t ports[2];
	uint32_t sequences[2];		/* of what each side sends next */
	struct script_segment last;
};

enum action_kind {
	ACTION_CONNECT, ACTION_REFUSED, ACTION_SEND, ACTION_RECV, ACTION_RESEND, ACTION_CLOSE, ACTION_CLOSED, ACTION_RESET, ACTION_WAIT,
	ACTION_KINDS,
};

static const struct {
	const char *name;
	bool is_for_udp;
} actions[ACTION_KINDS] = {
	[ACTION_CONNECT] = { "connect", false }, [ACTION_REFUSED] = { "refused", false }, [ACTION_SEND] = { "send", true },
	[ACTION_RECV] = { "recv", true }, [ACTION_RESEND] = { "resend", true }, [ACTION_CLOSE] = { "close", false },
	[ACTION_CLOSED] = { "closed", false }, [ACTION_RESET] = { "reset", false }, [ACTION_WAIT] = { "wait", true },
};

struct action {
	enum action_kind kind;
	uint32_t len;
	const uint8_t *payload;
	bool is_lost;			/* nobody sees it, and nobody answers */
	bool is_unanswered;
	int64_t wait_ns;
};

/* One line of a conversation. */
struct talk {
	struct script_line *line;
	const struct script_spec *base;	/* ends and items of the line */
	struct script_flow *flow;
	uint32_t side;			/* of the flow, that the line's source is */
	int64_t time_ns;		/* of the next packet */
};

static bool fail(struct script_line *line, const struct script_word *word, const char *what)
{
	diag_error(line->diagnostics, word->where, NULL, "%s", what);
	return false;
}

static int find_action(const struct script_word *word, uint8_t protocol)
{
	for (int i = 0; i < ACTION_KINDS; i++)
		if (script_word_is(word, actions[i].name) && (protocol == PROTOCOL_TCP || (protocol == PROTOCOL_UDP && actions[i].is_for_udp)))
			return i;
	return -1;
}

bool script_is_action(const struct script_word *word, uint8_t protocol)
{
	return find_action(word, protocol) >= 0;
}

/* "100", or "TEXT" in quotes. */
static bool read_amount(struct script_line *line, struct action *action)
{
	struct script_word word = script_peek(line), kind = word;
	struct script_spec spec = { .payload_len = 0 };

	if (word.len && word.text[0] == '"') {
		kind.text = "data";
		kind.len = strlen(kind.text);
		if (!script_payload(line, &kind, &spec))
			return false;
		action->len = spec.payload_len;
	} else {
		script_next(line);
		if (!script_number(line, &word, actions[action->kind].name, SCRIPT_LONGEST, &action->len))
			return false;
		spec.payload = script_zeros;
	}
	action->payload = spec.payload;
	return true;
}

static bool read_wait(struct script_line *line, struct action *action)
{
	struct script_word word = script_next(line);
	bool is_relative;

	if (script_time(&word, &is_relative, &action->wait_ns) && !is_relative)
		return true;
	return fail(line, &word, "wait needs a number of seconds");
}

static bool read_action(struct script_line *line, uint8_t protocol, struct action *action)
{
	struct script_word word = script_next(line);
	int kind = find_action(&word, protocol);

	*action = (struct action){ .kind = kind < 0 ? ACTION_WAIT : (enum action_kind)kind };
	if (kind < 0)
		return fail(line, &word, protocol == PROTOCOL_TCP ?
			    "an action is wanted: connect, refused, send, recv, resend, close, closed, reset or wait" :
			    "an action is wanted: send, recv, resend or wait");
	if ((action->kind == ACTION_SEND || action->kind == ACTION_RECV) && !read_amount(line, action))
		return false;
	if (action->kind == ACTION_WAIT && !read_wait(line, action))
		return false;
	for (word = script_peek(line); script_word_is(&word, "lost") || script_word_is(&word, "unanswered"); word = script_peek(line)) {
		action->is_lost |= word.text[0] == 'l';
		action->is_unanswered = true;
		script_next(line);
	}
	return true;
}

/* "connect, send 100, close", and behind "with" what each of the packets has. */
static bool read_actions(struct script_line *line, struct script_spec *spec, struct action *read, size_t *n)
{
	struct script_word word;

	*n = 0;
	do {
		if (*n == MOST_ACTIONS) {
			word = script_peek(line);
			return fail(line, &word, "this is enough for one line: go on in the next one");
		}
		if (!read_action(line, spec->protocol, &read[(*n)++]))
			return false;
		word = script_next(line);
	} while (script_word_is(&word, ","));
	if (script_word_is(&word, "with"))
		return script_read_items(line, spec);
	return word.len ? fail(line, &word, "actions have commas between them; \"with\" begins what all packets have") : true;
}

static bool is_end(const struct script_flow *flow, uint32_t side, const struct address *address, uint32_t port)
{
	return address_is_equal(&flow->addresses[side], address) && flow->ports[side] == port;
}

/* The conversation between the two ends, whoever speaks on this line; a new one where there is none. */
static struct script_flow *find_flow(struct script *script, const struct script_spec *spec, uint32_t *side)
{
	struct script_flow *flow;

	for (flow = script->flows; flow; flow = flow->next) {
		for (*side = 0; *side < 2; ++*side)
			if (flow->protocol == spec->protocol && is_end(flow, *side, &spec->source, spec->source_port) &&
			    is_end(flow, !*side, &spec->destination, spec->destination_port))
				return flow;
	}
	flow = arena_alloc(&script->arena, sizeof(*flow));
	flow->protocol = spec->protocol;
	flow->addresses[0] = spec->source;
	flow->addresses[1] = spec->destination;
	flow->ports[0] = spec->source_port;
	flow->ports[1] = spec->destination_port;
	flow->sequences[0] = FIRST_SEQUENCE + 1;
	flow->sequences[1] = FIRST_ANSWER + 1;
	flow->next = script->flows;
	script->flows = flow;
	*side = 0;
	return flow;
}

static void turn_round(struct script_spec *spec)
{
	struct script_spec turned = *spec;

	spec->source = turned.destination;
	spec->destination = turned.source;
	spec->source_host = turned.destination_host;
	spec->destination_host = turned.source_host;
	spec->source_port = turned.destination_port;
	spec->destination_port = turned.source_port;
}

/* A packet of the conversation as it is said by the segment. */
static bool say(struct talk *talk, const struct script_segment *segment)
{
	struct script_spec spec = *talk->base;
	bool is_ok;

	if (segment->side != talk->side)
		turn_round(&spec);
	spec.tcp_flags = segment->flags;
	spec.sequence = segment->sequence;
	if (segment->flags & TCP_ACK)
		spec.acknowledgment = talk->flow->sequences[!segment->side];
	spec.payload = segment->payload;
	spec.payload_len = segment->len;
	if (segment->flags & TCP_SYN) {
		static const uint8_t mss[] = { 2, 4, SEGMENT_LEN >> 8, SEGMENT_LEN & 0xff };

		memcpy(spec.options, mss, sizeof(mss));
		spec.options_len = sizeof(mss);
	}
	is_ok = script_build(talk->line, &spec, talk->time_ns);
	talk->time_ns += talk->line->script->pace_ns;
	return is_ok;
}

/* A segment without data; SYN and FIN take a number. */
static bool signal_with(struct talk *talk, uint32_t side, uint32_t flags)
{
	struct script_segment segment = { .side = side, .sequence = talk->flow->sequences[side], .flags = flags };

	talk->flow->sequences[side] += (flags & (TCP_SYN | TCP_FIN)) != 0;
	return say(talk, &segment);
}

static bool say_or_lose(struct talk *talk, const struct script_segment *segment, bool is_lost)
{
	talk->flow->last = *segment;
	if (!is_lost)
		return say(talk, segment);
	talk->time_ns += talk->line->script->pace_ns;
	return true;
}

/* Data in segments; the other side acknowledges a window of them, and the last one. */
static bool send_data(struct talk *talk, uint32_t side, const struct action *action)
{
	bool is_tcp = talk->flow->protocol == PROTOCOL_TCP;
	uint32_t sent = 0, n = 0;

	do {
		uint32_t len = action->len - sent;
		struct script_segment segment = { .side = side, .sequence = talk->flow->sequences[side], .payload = action->payload + sent };

		segment.len = is_tcp && len > SEGMENT_LEN ? SEGMENT_LEN : len;
		sent += segment.len;
		segment.flags = is_tcp ? TCP_ACK | (sent == action->len ? TCP_PSH : 0u) : 0;
		talk->flow->sequences[side] += segment.len;
		if (!say_or_lose(talk, &segment, action->is_lost))
			return false;
		n++;
		if (is_tcp && !action->is_unanswered && (sent == action->len || n % SEGMENTS_A_WINDOW == 0) &&
		    !signal_with(talk, !side, TCP_ACK))
			return false;
	} while (sent < action->len);
	return true;
}

static bool resend(struct talk *talk, const struct action *action)
{
	struct script_segment segment = talk->flow->last;

	if (!say_or_lose(talk, &segment, action->is_lost))
		return false;
	return talk->flow->protocol != PROTOCOL_TCP || action->is_unanswered || signal_with(talk, !segment.side, TCP_ACK);
}

static bool connect_ends(struct talk *talk, const struct action *action)
{
	uint32_t side = talk->side;

	talk->flow->sequences[side] = FIRST_SEQUENCE;
	talk->flow->sequences[!side] = FIRST_ANSWER;
	if (!signal_with(talk, side, TCP_SYN) || action->is_unanswered)
		return true;
	return signal_with(talk, !side, TCP_SYN | TCP_ACK) && signal_with(talk, side, TCP_ACK);
}

static bool refuse(struct talk *talk)
{
	talk->flow->sequences[talk->side] = FIRST_SEQUENCE;
	talk->flow->sequences[!talk->side] = 0;
	return signal_with(talk, talk->side, TCP_SYN) && signal_with(talk, !talk->side, TCP_RST | TCP_ACK);
}

static bool close_ends(struct talk *talk, uint32_t side, const struct action *action)
{
	if (!signal_with(talk, side, TCP_FIN | TCP_ACK) || action->is_unanswered)
		return true;
	return signal_with(talk, !side, TCP_FIN | TCP_ACK) && signal_with(talk, side, TCP_ACK);
}

static bool act(struct talk *talk, const struct action *action)
{
	switch (action->kind) {
	case ACTION_CONNECT:
		return connect_ends(talk, action);
	case ACTION_REFUSED:
		return refuse(talk);
	case ACTION_SEND:
		return send_data(talk, talk->side, action);
	case ACTION_RECV:
		return send_data(talk, !talk->side, action);
	case ACTION_RESEND:
		return resend(talk, action);
	case ACTION_CLOSE:
		return close_ends(talk, talk->side, action);
	case ACTION_CLOSED:
		return close_ends(talk, !talk->side, action);
	case ACTION_RESET:
		return signal_with(talk, talk->side, TCP_RST | TCP_ACK);
	case ACTION_WAIT:
		talk->time_ns += action->wait_ns;
		return true;
	case ACTION_KINDS:
		break;
	}
	return false;
}

bool script_converse(struct script_line *line, struct script_spec *spec, int64_t time_ns)
{
	struct talk talk = { .line = line, .base = spec, .time_ns = time_ns };
	struct action read[MOST_ACTIONS];
	size_t n;

	if (!read_actions(line, spec, read, &n))
		return false;
	talk.flow = find_flow(line->script, spec, &talk.side);
	for (size_t i = 0; i < n; i++)
		if (!act(&talk, &read[i]))
			return false;
	return true;
}
