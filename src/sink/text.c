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
#include "sink/entry_print.h"
#include "sink/expectation_print.h"
#include "sink/packet_words.h"
#include "sink/text_summary.h"
#include "sink/text_view.h"
#include "sink/time_print.h"

enum { WORD_FULL = 1 << 0 };

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

/* A dim line between the packets; `time` NULL: it belongs to the packet above. */
static void add_note(struct text_view *view, const struct vtime *time, const char *note)
{
	text_layout_add_cell(&view->layout, STYLE_DIM, "");
	if (time)
		text_view_add_time(view, *time);
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

/* `time`: of what happened between the packets; NULL: the packet above. */
static void write_notes(struct text_view *view, const struct vtime *time)
{
	char *note = view->notes.len ? view->notes.bytes : NULL;

	while (note && *note) {
		char *end = strchr(note, '\n');

		*end = '\0';
		add_note(view, time, note);
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
	if (journey->invalid.words) {
		text_append(&view->notes, "- INVALID: ");
		complaint_print(&journey->invalid, &view->notes);
		end_note(view);
	}
	if (journey->phantom_of) {
		text_append(&view->notes, "- ");
		packet_words_print_phantom(journey, &view->notes);
		end_note(view);
	}
	if (journey->is_turned_back) {
		text_append(&view->notes, "- ");
		packet_words_print_arrival(journey, &view->notes);
		end_note(view);
	}
	if (journey->difference) {
		text_append(&view->notes, "- prediction differs: ");
		text_append(&view->notes, journey->difference);
		end_note(view);
	}
	if (journey->was_rewritten) {
		text_append(&view->notes, "- NAT: leaves as ");
		packet_words_print_endpoint(&journey->sent, true, &view->notes);
		text_append(&view->notes, " > ");
		packet_words_print_endpoint(&journey->sent, false, &view->notes);
		end_note(view);
	}
	if (journey->payload_was_changed) {
		text_append(&view->notes, "- ");
		text_append(&view->notes, journey->entry.helper ? journey->entry.helper : "helper");
		text_append(&view->notes, " writes what NAT made of it into the payload");
		end_note(view);
	}
	if (journey->unsimulated) {
		text_append(&view->notes, "- may be otherwise: not simulated: ");
		packet_words_print_place(journey->unsimulated, &view->notes);
		end_note(view);
	}
}

static void write_packet(struct text_view *view, const struct event *event)
{
	text_view_write_row(view, event);
	note_oddities(view, &event->journey);
	write_notes(view, NULL);
}

static void write_action(struct text_view *view, const struct event *event)
{
	const struct event_action *action = &event->action;
	struct text note;

	text_init(&note);
	text_printf(&note, "# %s", action->text);
	if (*action->words)
		text_printf(&note, ": %s", action->words);
	text_printf(&note, "  (%s:%u)", action->file, action->line);
	add_note(view, &event->time, text_string(&note));
	text_clear(&note);
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
	packet_words_print_flow(&conntrack->entry.tuple[DIRECTION_ORIGINAL], &note);
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

/* What a packet leads to stands behind it; what ends by itself, or with its master, has a time of its own. */
static void write_expectation(struct text_view *view, const struct event *event)
{
	enum expectation_end end = event->expectation.end;
	struct text note;

	if (end != EXPECTATION_EXPIRED && end != EXPECTATION_ORPHANED) {
		text_append(&view->notes, "- ");
		expectation_print_sentence(&event->expectation, &view->notes);
		end_note(view);
		return;
	}
	text_init(&note);
	text_append(&note, "- ");
	expectation_print_sentence(&event->expectation, &note);
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
	if (run->captured_on) {
		text_printf(line, "captured on %s", run->captured_on);
		text_layout_add_line(&view->layout, STYLE_PLAIN, text_string(line));
		text_reset(line);
	}
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
	text_view_append_packet(view, reply->packet, &view->notes);
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

/* Of what the host does between the packets nothing is kept for a packet's line. */
static void write_if_between(struct text_view *view, const struct event *event)
{
	if (!event->packet)
		write_notes(view, &event->time);
}

static void write_snapshot(struct text_view *view, const struct event_snapshot *snapshot)
{
	struct text *line = &view->scratch;

	text_append(line, "Table ");
	text_append(line, strcmp(snapshot->label, "end") ? snapshot->label : "at the end");
	text_append(line, ", ");
	text_append_u64(line, snapshot->n_entries);
	text_append(line, snapshot->n_entries == 1 ? " entry" : " entries");
	if (snapshot->n_expectations) {
		text_append(line, " and ");
		text_append_u64(line, snapshot->n_expectations);
		text_append(line, snapshot->n_expectations == 1 ? " expectation" : " expectations");
	}
	text_append_char(line, snapshot->n_entries || snapshot->n_expectations ? ':' : '.');
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

static void write_expectation_entry(struct text_view *view, const struct event *event)
{
	text_append(&view->scratch, "  expected: ");
	expectation_print_proc(&event->expectation_entry.expectation, event->time, &view->scratch);
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
	case EVENT_EXPECTATION:
		write_expectation(view, event);
		break;
	case EVENT_LOG:
		note_log(view, &event->log);
		write_if_between(view, event);
		break;
	case EVENT_FRAGMENTS:
		write_fragments(view, event);
		break;
	case EVENT_ACTION:
		write_action(view, event);
		break;
	case EVENT_REPLY:
		note_reply(view, &event->reply);
		write_if_between(view, event);
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
	case EVENT_EXPECTATION_ENTRY:
		write_expectation_entry(view, event);
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
	pieces_clear(&view->kept);
	free(view);
}

static const struct sink_word words[] = {
	{ "full", WORD_FULL, 0, "TCP's sequence numbers and windows too" },
	{ 0 },
};

const struct sink_type sink_text = {
	.name = "text",
	.summary = "the default view: one line a packet, and a summary",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_CONNTRACK) | EVENT_BIT(EVENT_EXPECTATION) | EVENT_BIT(EVENT_LOG) |
		 EVENT_BIT(EVENT_FRAGMENTS) | EVENT_BIT(EVENT_ACTION) | EVENT_BIT(EVENT_REPLY) | EVENT_BIT(EVENT_PACKET) | EVENT_PACKET_PHANTOM | EVENT_BIT(EVENT_SNAPSHOT) |
		 EVENT_BIT(EVENT_ENTRY) | EVENT_BIT(EVENT_EXPECTATION_ENTRY) |
		 EVENT_BIT(EVENT_WARNING) | EVENT_BIT(EVENT_SUMMARY),
	.quiet_kinds = EVENT_BIT(EVENT_WARNING) | EVENT_BIT(EVENT_SUMMARY),
	.words = words,
	.open = open_text,
	.on_event = on_event,
	.close = close_text,
};
