/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Three panes a packet: as it came, the entry behind it, as it left. For people who learn what NAT does. */
#include "sink/sink.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "packet/ends.h"
#include "sink/packet_words.h"
#include "sink/time_print.h"

enum { MICROSECOND_DIGITS = 6, PANE_LINES = 4, IN_COLUMN = 2, ENTRY_COLUMN = 34, OUT_COLUMN = 92 };

/* Lines that stand beside each other. */
struct panes {
	struct text *out;
	struct text in[PANE_LINES], entry[PANE_LINES], left[PANE_LINES];
};

static void *open_panes(const struct sink_options *options, struct output *output)
{
	struct panes *panes = alloc_zeroed(1, sizeof(*panes));

	(void)options;
	panes->out = &output->buffer;
	return panes;
}

static bool is_icmp(const struct tuple *tuple)
{
	return tuple->protocol == PROTOCOL_ICMP || tuple->protocol == PROTOCOL_ICMPV6;
}

static void print_flow(const struct tuple *tuple, struct text *out)
{
	packet_words_print_endpoint(tuple, true, out);
	text_append(out, " > ");
	packet_words_print_endpoint(tuple, false, out);
	if (is_icmp(tuple))
		text_printf(out, " id %u", (unsigned)tuple->source_port);
}

static bool is_same_end(const struct tuple *a, const struct tuple *b, bool is_source)
{
	const struct address *left = is_source ? &a->source : &a->destination;
	const struct address *right = is_source ? &b->source : &b->destination;
	bool has_ports = !is_icmp(a) || is_source;	/* ICMP's second number is its type */

	return address_is_equal(left, right) &&
	       (!has_ports || (is_source ? a->source_port == b->source_port : a->destination_port == b->destination_port));
}

/* Both ends of a packet; a star before what is otherwise than in `before`. */
static void print_ends(const struct tuple *ends, const struct tuple *before, struct text *lines)
{
	text_append(&lines[1], is_same_end(ends, before, true) ? "from  " : "from *");
	packet_words_print_endpoint(ends, true, &lines[1]);
	if (is_icmp(ends))
		text_printf(&lines[1], " id %u", (unsigned)ends->source_port);
	text_append(&lines[2], is_same_end(ends, before, false) ? "to    " : "to   *");
	packet_words_print_endpoint(ends, false, &lines[2]);
}

static void fill_in(struct panes *panes, const struct event_packet *journey, const struct tuple *came)
{
	/* What was captured behind the host has lost a hop that it still had. */
	unsigned ttl = journey->packet->ttl + (journey->is_turned_back && journey->sighting == SIGHTED_ARRIVING);

	if (journey->n_hooks && journey->hooks[0] == HOOK_OUTPUT)
		text_append(&panes->in[0], "from this host");
	else
		text_printf(&panes->in[0], "in by %s", journey->in);
	print_ends(came, came, panes->in);
	text_printf(&panes->in[3], "ttl %u", ttl);
}

static void fill_entry(struct panes *panes, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	const struct entry_view *entry = &journey->entry;

	if (!journey->has_entry) {
		text_append(&panes->entry[0], "no entry");
		return;
	}
	text_printf(&panes->entry[0], "entry #%llu%s", (unsigned long long)entry->id,
		    journey->change == ENTRY_NEW ? ", new" : journey->change == ENTRY_DESTROYED ? ", ended" : "");
	text_printf(&panes->entry[0], ", %s direction", packet_words_direction(journey->direction));
	text_append(&panes->entry[1], "original ");
	print_flow(&entry->tuple[DIRECTION_ORIGINAL], &panes->entry[1]);
	text_append(&panes->entry[2], "reply    ");
	print_flow(&entry->tuple[DIRECTION_REPLY], &panes->entry[2]);
	if (entry->state)
		text_printf(&panes->entry[3], "%s, ", entry->state);
	text_printf(&panes->entry[3], "%u s left", (unsigned)vtime_seconds_left(entry->deadline, event->time, entry->hz));
}

static void fill_left(struct panes *panes, const struct event_packet *journey, const struct tuple *came)
{
	struct tuple ends;

	if (!journey->as_left) {
		text_append(&panes->left[0], verdict_name(journey->verdict));
		if (journey->decided_by) {
			text_append(&panes->left[0], " by ");
			packet_words_print_rule(journey->decided_by, &panes->left[0]);
		}
		if (journey->reason)
			text_append(&panes->left[1], journey->reason);
		return;
	}
	ends = ends_of(journey->as_left);
	if (journey->hooks[journey->n_hooks - 1] == HOOK_INPUT)
		text_append(&panes->left[0], "for this host");
	else
		text_printf(&panes->left[0], "out by %s", journey->out);
	print_ends(&ends, came, panes->left);
	text_printf(&panes->left[3], "ttl %u", (unsigned)journey->as_left->ttl);
}

static void write_line(struct panes *panes, size_t i)
{
	struct text *out = panes->out;
	size_t start = out->len;

	text_pad_to(out, start, IN_COLUMN);
	text_append(out, text_string(&panes->in[i]));
	if (panes->entry[i].len || panes->left[i].len) {
		text_append(out, "  ");
		text_pad_to(out, start, ENTRY_COLUMN);
		text_append(out, text_string(&panes->entry[i]));
	}
	if (panes->left[i].len) {
		text_append(out, "  ");
		text_pad_to(out, start, OUT_COLUMN);
		text_append(out, text_string(&panes->left[i]));
	}
	text_append_char(out, '\n');
	text_reset(&panes->in[i]);
	text_reset(&panes->entry[i]);
	text_reset(&panes->left[i]);
}

static void on_event(void *state, const struct event *event)
{
	struct panes *panes = state;
	const struct event_packet *journey = &event->journey;
	struct tuple came;

	/* Copies, and what is not IP, came by no way that could be shown. */
	if (journey->verdict == VERDICT_NONE)
		return;
	came = journey->is_turned_back ? journey->arrived_as : ends_of(journey->packet);
	text_printf(panes->out, "packet %llu at ", (unsigned long long)event->packet);
	time_print(event->time, MICROSECOND_DIGITS, panes->out);
	text_append(panes->out, " s: ");
	packet_words_print_packet(journey->packet, panes->out);
	text_append_char(panes->out, '\n');
	fill_in(panes, journey, &came);
	fill_entry(panes, event);
	fill_left(panes, journey, &came);
	for (size_t i = 0; i < PANE_LINES; i++)
		write_line(panes, i);
	text_append_char(panes->out, '\n');
}

static void close_panes(void *state)
{
	struct panes *panes = state;

	for (size_t i = 0; i < PANE_LINES; i++) {
		text_clear(&panes->in[i]);
		text_clear(&panes->entry[i]);
		text_clear(&panes->left[i]);
	}
	free(panes);
}

const struct sink_type sink_panes = {
	.name = "panes",
	.summary = "each packet as it came, the entry behind it, and as it left, side by side",
	.kinds = EVENT_BIT(EVENT_PACKET),
	.wants_left = true,
	.wants_frames = true,
	.open = open_panes,
	.on_event = on_event,
	.close = close_panes,
};
