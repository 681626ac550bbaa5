/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/explain_words.h"

#include "sink/packet_words.h"

void explain_words_print_flow(const struct tuple *tuple, struct text *out)
{
	packet_words_print_flow(tuple, out);
	if (tuple->protocol == PROTOCOL_ICMP || tuple->protocol == PROTOCOL_ICMPV6)
		text_printf(out, " type %u code %u id %u", tuple->destination_port >> 8, tuple->destination_port & 0xffu,
			    tuple->source_port);
	if (tuple->zone)
		text_printf(out, " zone %u", tuple->zone);
}

static const char *direction_words(const struct event_lookup *lookup)
{
	if (lookup->is_quoted)
		return ", and the packet reports an error about it";
	if (lookup->direction == DIRECTION_REPLY)
		return ", and the packet is a reply in it";
	return lookup->before.status & STATUS_SEEN_REPLY ? ", in its first direction, and replies were seen"
							 : ", in its first direction, and no reply was seen yet";
}

static const char *nothing_words(const struct event_lookup *lookup)
{
	if (lookup->is_quoted)
		return "no entry, so it is an error about a connection that nobody knows";
	if (lookup->is_new)
		return "no entry, so the packet begins a connection";
	return "no entry, and the packet cannot begin a connection";
}

void explain_words_print_finding(const struct event_lookup *lookup, struct text *out)
{
	switch (lookup->result) {
	case LOOKUP_FOUND:
		text_append(out, "entry #");
		text_append_u64(out, lookup->before.id);
		text_append(out, direction_words(lookup));
		break;
	case LOOKUP_NOTHING:
		if (lookup->is_new && lookup->after.expected_by)
			text_printf(out, "no entry, but %s of #%llu has expected the packet", lookup->after.expected_by,
				    (unsigned long long)lookup->after.master_id);
		else
			text_append(out, nothing_words(lookup));
		break;
	case LOOKUP_IMPOSSIBLE:
		text_append(out, lookup->ctstate == CTSTATE_UNTRACKED ? "nothing: this kind of packet is never tracked"
								       : "nothing: the packet was not even looked up");
		break;
	}
	if (lookup->is_reopened)
		text_append(out, "; the entry ends here, and the packet is looked up again");
	else if (lookup->ctstate != CTSTATE_NONE && lookup->ctstate != CTSTATE_INVALID)
		text_printf(out, ": %s", ctstate_name(lookup->ctstate));
}

size_t explain_words_bounds(const struct tcp_bounds *checked, struct explain_bound bounds[EXPLAIN_MOST_BOUNDS])
{
	size_t n = 0;

	if (checked->is_reset_checked)
		bounds[n++] = (struct explain_bound){
			"SEQ of the reset", checked->seq, false, true, checked->reset_lower,
			"what the other side has acknowledged", checked->reset_fits,
		};
	if (!checked->is_checked)
		return n;
	bounds[n++] = (struct explain_bound){
		"SEQ", checked->seq, true, false, checked->seq_upper,
		"as far as the receiver's window reaches", checked->seq_fits,
	};
	bounds[n++] = (struct explain_bound){
		"ACK", checked->ack, true, false, checked->ack_upper,
		"what the other side has sent", checked->ack_fits,
	};
	bounds[n++] = (struct explain_bound){
		"end of data", checked->end, false, false, checked->end_lower,
		"a window before what was sent already", checked->end_fits,
	};
	bounds[n++] = (struct explain_bound){
		"ACK", checked->ack, false, false, checked->ack_lower,
		"a window before what the other side has sent", checked->ack_is_recent,
	};
	return n;
}

static bool is_so_written(const struct explain_bound *bound)
{
	if (bound->must_be_below)
		return bound->value < bound->limit;
	return bound->value > bound->limit || (bound->may_be_equal && bound->value == bound->limit);
}

void explain_words_print_bound(const struct explain_bound *bound, struct text *out)
{
	uint32_t distance = bound->must_be_below ? bound->value - bound->limit + 1
						 : bound->limit - bound->value + !bound->may_be_equal;

	text_printf(out, "%s %u must %s %u (%s): ", bound->name, bound->value,
		    bound->must_be_below ? "be below" : bound->may_be_equal ? "not be below" : "be above", bound->limit,
		    bound->meaning);
	if (bound->holds)
		text_append(out, "yes");
	else
		text_printf(out, "no, %u too %s", distance, bound->must_be_below ? "high" : "low");
	/* 5002 is above 4294908040 for TCP, and for nobody else. */
	if (bound->holds != is_so_written(bound))
		text_append(out, " (numbers go round at 4294967296)");
}

bool explain_words_is_decided_by_bounds(const struct event_lookup *lookup)
{
	const struct tcp_bounds *bounds = &lookup->bounds;

	return (bounds->is_checked &&
		!(bounds->seq_fits && bounds->end_fits && bounds->ack_fits && bounds->ack_is_recent)) ||
	       (bounds->is_reset_checked && !bounds->reset_fits);
}

const char *explain_words_status(uint32_t bit)
{
	switch (bit) {
	case STATUS_EXPECTED: return "a helper expected this connection";
	case STATUS_SEEN_REPLY: return "a reply was seen";
	case STATUS_ASSURED: return "kept when the table is full";
	case STATUS_CONFIRMED: return "it is in the table";
	case STATUS_SRC_NAT: return "its source is rewritten";
	case STATUS_DST_NAT: return "its destination is rewritten";
	case STATUS_SEQ_ADJUST: return "its sequence numbers are rewritten";
	case STATUS_FIXED_TIMEOUT: return "its time is fixed";
	case STATUS_HELPER: return "a helper reads it";
	default: return NULL;
	}
}

void explain_words_print_rule(const struct rule_place *place, struct text *out)
{
	if (place->number)
		text_printf(out, "%s %s rule %u", place->table, place->chain, place->number);
	else
		text_printf(out, "the policy of %s %s", place->table, place->chain);
	if (!place->file || !*place->file)
		return;
	text_append(out, " (");
	packet_words_print_file(place, out);
	text_append_char(out, ')');
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A rule may run over several lines of a shell script: a backslash before the line's end is no part of it. */
void explain_words_print_written(const struct rule_place *place, struct text *out)
{
	bool is_pending = false;

	if (!place->written) {
		text_append(out, place->text);
		return;
	}
	for (uint32_t i = 0; i < place->written_len; i++) {
		char c = place->written[i];

		if (is_blank(c) || (c == '\\' && i + 1 < place->written_len && place->written[i + 1] == '\n')) {
			is_pending = true;
			continue;
		}
		if (is_pending)
			text_append_char(out, ' ');
		is_pending = false;
		text_append_char(out, c);
	}
}
