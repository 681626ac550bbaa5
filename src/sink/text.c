/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The default view of `run`: one line a packet that can be read without a manual, then
 * a summary. What happens beside a packet (an entry ends, a rule logs, the host answers)
 * stands on dim lines of its own.
 */
#include "sink/sink.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/packet.h"
#include "packet/summary.h"
#include "sink/entry_print.h"
#include "sink/packet_words.h"
#include "sink/text_layout.h"
#include "sink/text_summary.h"
#include "sink/time_print.h"

enum { WORD_FULL = 1 << 0, MICROSECOND_DIGITS = 6 };

struct text_view {
	struct text_layout layout;
	bool is_quiet, is_full;
	struct text scratch;
	struct text notes;	/* lines that follow the packet's own: what was said while it travelled */
};

static const char *const short_hooks[HOOK_COUNT] = {
	[HOOK_PREROUTING] = "PRE", [HOOK_INPUT] = "IN", [HOOK_FORWARD] = "FWD",
	[HOOK_OUTPUT] = "OUT", [HOOK_POSTROUTING] = "POST",
};

static const enum text_style verdict_styles[VERDICT_COUNT] = {
	[VERDICT_NONE] = STYLE_DIM, [VERDICT_ACCEPT] = STYLE_GREEN, [VERDICT_DROP] = STYLE_RED,
	[VERDICT_REJECT] = STYLE_RED, [VERDICT_QUEUE] = STYLE_YELLOW, [VERDICT_HELD] = STYLE_YELLOW,
};

static const enum text_style ctstate_styles[CTSTATE_COUNT] = {
	[CTSTATE_NONE] = STYLE_DIM, [CTSTATE_INVALID] = STYLE_RED, [CTSTATE_NEW] = STYLE_CYAN,
	[CTSTATE_ESTABLISHED] = STYLE_BLUE, [CTSTATE_RELATED] = STYLE_MAGENTA, [CTSTATE_UNTRACKED] = STYLE_DIM,
};

static void *open_text(const struct sink_options *options, struct output *output)
{
	struct text_view *view = alloc_zeroed(1, sizeof(*view));

	text_layout_init(&view->layout, &output->buffer, output->is_immediate);
	view->layout.has_color = options->color;
	view->layout.columns = options->columns;
	view->is_quiet = options->quiet;
	view->is_full = (options->words & WORD_FULL) != 0;
	return view;
}

/* Moves the scratch text into the next cell. */
static void add_scratch(struct text_view *view, enum text_style style)
{
	text_layout_add_cell(&view->layout, style, text_string(&view->scratch));
	text_reset(&view->scratch);
}

static void add_time(struct text_view *view, struct vtime time)
{
	time_print(time, MICROSECOND_DIGITS, &view->scratch);
	add_scratch(view, STYLE_DIM);
}

/*
 * The packet as tcpdump would put it. Without the word `full`, TCP's numbers are left
 * out: they are as wide as all the rest, and most readers look for the flags.
 */
static void append_packet(const struct text_view *view, const struct packet *packet, struct text *out)
{
	size_t start = out->len;
	char *numbers, *len;

	summary_print(packet, out);
	if (view->is_full || packet->family == FAMILY_NONE || packet->protocol != PROTOCOL_TCP || out->len == start)
		return;
	numbers = strstr(out->bytes + start, "] seq ");
	if (!numbers)
		return;
	len = strstr(numbers, " len ");
	if (!len || !strcmp(len, " len 0"))
		len = out->bytes + out->len;
	numbers++;
	memmove(numbers, len, strlen(len) + 1);
	out->len = (size_t)(numbers - out->bytes) + strlen(numbers);
}

static void append_seconds_left(struct text *out, const struct entry_view *entry, struct vtime now)
{
	text_append_char(out, ' ');
	text_append_u64(out, vtime_seconds_left(entry->deadline, now, entry->hz));
	text_append_char(out, 's');
}

/* " -> SYN_RECV" when the state changed, " ESTABLISHED" when it stayed. */
static void append_state(struct text *out, const struct event_packet *journey)
{
	const struct entry_view *entry = &journey->entry;

	if (!entry->state)
		return;
	text_append(out, journey->change == ENTRY_CHANGED && journey->state_before ? " -> " : " ");
	text_append(out, entry->state);
}

static bool is_established(const struct entry_view *entry)
{
	return entry->state && !strcmp(entry->state, "ESTABLISHED");
}

/* What a change that is not one of state was about. */
static void append_status(struct text *out, const struct event_packet *journey)
{
	/* Closing states were ASSURED before: TCP and SCTP become it when they are established. */
	if (journey->change != ENTRY_CHANGED || (journey->state_before && !is_established(&journey->entry)))
		return;
	if (journey->entry.status & STATUS_ASSURED)
		text_append(out, " ASSURED");
	else if (!journey->state_before && journey->entry.status & STATUS_SEEN_REPLY)
		text_append(out, " replied");
}

static void add_entry(struct text_view *view, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	struct text *out = &view->scratch;
	bool is_ip = journey->packet->family != FAMILY_NONE;

	if (!journey->has_entry) {
		text_layout_add_cell(&view->layout, STYLE_DIM, is_ip ? "no entry" : "");
		return;
	}
	text_append_char(out, '#');
	text_append_u64(out, journey->entry.id);
	if (journey->change == ENTRY_DESTROYED) {
		text_append(out, " ended");
		add_scratch(view, STYLE_PLAIN);
		return;
	}
	if (journey->change == ENTRY_NEW)
		text_append(out, " new");
	append_state(out, journey);
	append_seconds_left(out, &journey->entry, event->time);
	append_status(out, journey);
	if (journey->change == ENTRY_UNCHANGED)
		text_append(out, " untouched");
	add_scratch(view, journey->change == ENTRY_NEW || journey->change == ENTRY_CHANGED ? STYLE_PLAIN : STYLE_DIM);
}

static void add_hooks(struct text_view *view, const struct event_packet *journey)
{
	for (size_t i = 0; i < journey->n_hooks; i++) {
		if (i)
			text_append_char(&view->scratch, '>');
		text_append(&view->scratch, short_hooks[journey->hooks[i]]);
	}
	add_scratch(view, STYLE_DIM);
}

/* The last cells of the row, and its end. */
static void end_packet(struct text_view *view, const struct event_packet *journey)
{
	const struct rule_place *rule = journey->decided_by;

	if (rule) {
		packet_words_print_rule(rule, &view->scratch);
		add_scratch(view, STYLE_PLAIN);
		packet_words_print_file(rule, &view->scratch);
		add_scratch(view, STYLE_DIM);
		text_layout_end_row(&view->layout);
		return;
	}
	text_layout_add_cell(&view->layout, journey->reason ? STYLE_PLAIN : STYLE_DIM,
			     journey->reason ? journey->reason : journey->verdict == VERDICT_ACCEPT ? "no rule" : "");
	text_layout_end_note(&view->layout);
}

/* A dim line between the packets; `time` NULL: it belongs to the packet above. */
static void add_note(struct text_view *view, const struct vtime *time, const char *note)
{
	text_layout_add_cell(&view->layout, STYLE_DIM, "");
	if (time)
		add_time(view, *time);
	else
		text_layout_add_cell(&view->layout, STYLE_DIM, "");
	text_layout_add_cell(&view->layout, STYLE_DIM, note);
	text_layout_end_note(&view->layout);
}

/* Ends one of the lines that are kept until their packet's own line is written. */
static void end_note(struct text_view *view)
{
	text_append_char(&view->notes, '\n');
}

static void write_notes(struct text_view *view)
{
	char *note = view->notes.len ? view->notes.bytes : NULL;

	while (note && *note) {
		char *end = strchr(note, '\n');

		*end = '\0';
		add_note(view, NULL, note);
		note = end + 1;
	}
	text_reset(&view->notes);
}

/* "packets 3, 4, 5", or as many of them as anybody reads. */
static void append_packets(struct text *out, const uint64_t *packets, size_t n_packets)
{
	enum { MOST_SHOWN = 12 };

	text_append(out, n_packets == 1 ? "packet " : "packets ");
	for (size_t i = 0; i < n_packets && i < MOST_SHOWN; i++) {
		text_append(out, i ? ", " : "");
		text_append_u64(out, packets[i]);
	}
	if (n_packets > MOST_SHOWN) {
		text_append(out, " and ");
		text_append_u64(out, n_packets - MOST_SHOWN);
		text_append(out, " more");
	}
}

static void append_lost(struct text *out, const struct event_fragments *fragments)
{
	text_append(out, "- lost: ");
	append_packets(out, fragments->packets, fragments->n_packets);
	text_append(out, ": ");
	text_append(out, fragments->reason);
}

/* Fragments whose time is over stand between the packets, others belong to the packet that ended their wait. */
static void write_fragments(struct text_view *view, const struct event *event)
{
	struct text note;

	if (!event->fragments.is_expired) {
		append_lost(&view->notes, &event->fragments);
		end_note(view);
		return;
	}
	text_init(&note);
	append_lost(&note, &event->fragments);
	add_note(view, &event->time, text_string(&note));
	text_clear(&note);
}

/* What is out of the ordinary about a packet. */
static void note_oddities(struct text_view *view, const struct event_packet *journey)
{
	if (journey->n_fragments) {
		text_append(&view->notes, "- put together from ");
		append_packets(&view->notes, journey->fragments, journey->n_fragments);
		end_note(view);
	}
	if (journey->reason && journey->decided_by) {
		text_append(&view->notes, "- ");
		text_append(&view->notes, journey->reason);
		end_note(view);
	}
	if (journey->invalid_reason && *journey->invalid_reason) {
		text_append(&view->notes, "- INVALID: ");
		text_append(&view->notes, journey->invalid_reason);
		end_note(view);
	}
	if (journey->was_rewritten) {
		text_append(&view->notes, "- NAT: leaves as ");
		packet_words_print_endpoint(&journey->sent, true, &view->notes);
		text_append(&view->notes, " > ");
		packet_words_print_endpoint(&journey->sent, false, &view->notes);
		end_note(view);
	}
	if (journey->unsimulated) {
		text_append(&view->notes, "- may be otherwise: not simulated: ");
		packet_words_print_place(journey->unsimulated, &view->notes);
		end_note(view);
	}
}

static void add_verdict(struct text_view *view, const struct event_packet *journey)
{
	if (journey->verdict == VERDICT_NONE) {
		text_layout_add_cell(&view->layout, STYLE_DIM, "-");
		return;
	}
	text_append(&view->scratch, verdict_name(journey->verdict));
	if (journey->unsimulated)
		text_append_char(&view->scratch, '?');
	add_scratch(view, verdict_styles[journey->verdict]);
}

static void write_packet(struct text_view *view, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	bool has_ctstate = journey->ctstate != CTSTATE_NONE;

	text_append_u64(&view->scratch, event->packet);
	add_scratch(view, STYLE_PLAIN);
	add_time(view, event->time);
	add_verdict(view, journey);
	text_layout_add_cell(&view->layout, ctstate_styles[journey->ctstate],
			     has_ctstate ? ctstate_name(journey->ctstate) : "-");
	append_packet(view, journey->packet, &view->scratch);
	add_scratch(view, STYLE_PLAIN);
	add_entry(view, event);
	add_hooks(view, journey);
	end_packet(view, journey);
	note_oddities(view, journey);
	write_notes(view);
}

/* "udp 192.168.1.2:35237 > 192.168.1.10:53" */
static void append_flow(struct text *out, const struct tuple *tuple)
{
	const char *protocol = entry_print_protocol(tuple->protocol);

	if (protocol) {
		text_append(out, protocol);
	} else {
		text_append(out, "protocol ");
		text_append_u64(out, tuple->protocol);
	}
	text_append_char(out, ' ');
	packet_words_print_endpoint(tuple, true, out);
	text_append(out, " > ");
	packet_words_print_endpoint(tuple, false, out);
}

/* Of conntrack's events the ends of entries alone: the others show on their packet's line. */
static void write_end_of_entry(struct text_view *view, const struct event *event)
{
	const struct event_conntrack *conntrack = &event->conntrack;
	struct text note;

	if (!(conntrack->bits & CONNTRACK_EVENT_DESTROY))
		return;
	text_init(&note);
	text_append(&note, "- #");
	text_append_u64(&note, conntrack->entry.id);
	text_append(&note, conntrack->expired ? " expires: " : " is removed: ");
	append_flow(&note, &conntrack->entry.tuple[DIRECTION_ORIGINAL]);
	if (conntrack->entry.state) {
		text_append_char(&note, ' ');
		text_append(&note, conntrack->entry.state);
	}
	if (conntrack->expired) {
		text_append(&note, ", silent for ");
		text_append_u64(&note, conntrack->entry.timeout_seconds);
		text_append(&note, " s");
	}
	add_note(view, &event->time, text_string(&note));
	text_clear(&note);
}

static void write_run(struct text_view *view, const struct event_run *run)
{
	struct text *line = &view->scratch;

	text_printf(line, "%s: %s", run->capture ? run->capture : "capture",
		    run->is_empty ? "no packets" : "first packet at ");
	if (!run->is_empty)
		time_print_date(run->origin_seconds, run->origin_ns, line);
	text_layout_add_line(&view->layout, STYLE_PLAIN, text_string(line));
	text_reset(line);
	if (run->host && *run->host)
		text_layout_add_line(&view->layout, STYLE_PLAIN, run->host);
	text_append(line, run->n_tables ? "tables: " : "no rules: every packet is accepted");
	for (size_t i = 0; i < run->n_tables; i++)
		text_printf(line, "%s%s", i ? ", " : "", run->tables[i]);
	text_layout_add_line(&view->layout, STYLE_PLAIN, text_string(line));
	text_reset(line);
	text_layout_add_line(&view->layout, STYLE_DIM,
			     "Hooks: PRE = PREROUTING, IN = INPUT, FWD = FORWARD, OUT = OUTPUT, POST = POSTROUTING.");
	text_layout_add_line(&view->layout, STYLE_DIM,
			     "Entry: the conntrack entry after the packet, and the seconds that it lives without another one.");
	text_layout_add_line(&view->layout, STYLE_PLAIN, "");
}

static void note_log(struct text_view *view, const struct event_log *log)
{
	text_append(&view->notes, "- ");
	text_append(&view->notes, log->rule && log->rule->target ? log->rule->target : "LOG");
	text_append(&view->notes, " \"");
	text_append(&view->notes, log->prefix ? log->prefix : "");
	text_append(&view->notes, "\" by ");
	if (log->rule)
		packet_words_print_place(log->rule, &view->notes);
	end_note(view);
}

static void note_reply(struct text_view *view, const struct event_reply *reply)
{
	text_append(&view->notes, "- answered: ");
	append_packet(view, reply->packet, &view->notes);
	if (reply->verdict != VERDICT_ACCEPT && reply->verdict != VERDICT_NONE) {
		text_append(&view->notes, ", which is lost: ");
		text_append(&view->notes, verdict_name(reply->verdict));
		if (reply->decided_by) {
			text_append(&view->notes, " by ");
			packet_words_print_place(reply->decided_by, &view->notes);
		}
	}
	end_note(view);
}

static void write_snapshot(struct text_view *view, const struct event_snapshot *snapshot)
{
	struct text *line = &view->scratch;

	text_append(line, "Table ");
	text_append(line, strcmp(snapshot->label, "end") ? snapshot->label : "at the end");
	text_append(line, ", ");
	text_append_u64(line, snapshot->n_entries);
	text_append(line, snapshot->n_entries == 1 ? " entry:" : snapshot->n_entries ? " entries:" : " entries.");
	text_layout_add_line(&view->layout, STYLE_BOLD, text_string(line));
	text_reset(line);
}

static void write_entry(struct text_view *view, const struct event *event)
{
	text_append(&view->scratch, "  ");
	entry_print_proc(&event->entry.entry, event->time, false, &view->scratch);
	text_layout_add_line(&view->layout, STYLE_PLAIN, text_string(&view->scratch));
	text_reset(&view->scratch);
}

static void write_warning(struct text_view *view, const struct event_warning *warning)
{
	text_append(&view->scratch, "warning: ");
	text_append(&view->scratch, warning->text);
	text_layout_add_line(&view->layout, STYLE_YELLOW, text_string(&view->scratch));
	text_reset(&view->scratch);
}

static void write_summary(struct text_view *view, const struct event_summary *summary)
{
	text_layout_flush(&view->layout);
	if (!view->is_quiet)
		text_append_char(view->layout.out, '\n');
	text_summary_print(summary, view->layout.out);
}

static void on_event(void *state, const struct event *event)
{
	struct text_view *view = state;

	switch (event->kind) {
	case EVENT_RUN:
		write_run(view, &event->run);
		break;
	case EVENT_CONNTRACK:
		write_end_of_entry(view, event);
		break;
	case EVENT_LOG:
		note_log(view, &event->log);
		break;
	case EVENT_FRAGMENTS:
		write_fragments(view, event);
		break;
	case EVENT_REPLY:
		note_reply(view, &event->reply);
		break;
	case EVENT_PACKET:
		write_packet(view, event);
		break;
	case EVENT_SNAPSHOT:
		write_snapshot(view, &event->snapshot);
		break;
	case EVENT_ENTRY:
		write_entry(view, event);
		break;
	case EVENT_WARNING:
		write_warning(view, &event->warning);
		break;
	case EVENT_SUMMARY:
		write_summary(view, &event->summary);
		break;
	default:
		break;
	}
}

static void close_text(void *state)
{
	struct text_view *view = state;

	text_layout_flush(&view->layout);
	text_layout_clear(&view->layout);
	text_clear(&view->scratch);
	text_clear(&view->notes);
	free(view);
}

static const struct sink_word words[] = {
	{ "full", WORD_FULL, 0, "TCP's sequence numbers and windows too" },
	{ 0 },
};

const struct sink_type sink_text = {
	.name = "text",
	.summary = "the default view: one line a packet, and a summary",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_CONNTRACK) | EVENT_BIT(EVENT_LOG) | EVENT_BIT(EVENT_FRAGMENTS) | EVENT_BIT(EVENT_REPLY) |
		 EVENT_BIT(EVENT_PACKET) | EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY) |
		 EVENT_BIT(EVENT_WARNING) | EVENT_BIT(EVENT_SUMMARY),
	.quiet_kinds = EVENT_BIT(EVENT_WARNING) | EVENT_BIT(EVENT_SUMMARY),
	.words = words,
	.open = open_text,
	.on_event = on_event,
	.close = close_text,
};
