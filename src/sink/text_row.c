/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet's row in the default view: who, when, what, and what became of it. */
#include "sink/text_view.h"

#include <string.h>

#include "base/utf8.h"
#include "packet/summary.h"
#include "sink/packet_words.h"
#include "sink/time_print.h"

enum { MICROSECOND_DIGITS = 6 };

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

void text_view_add_scratch(struct text_view *view, enum text_style style)
{
	text_layout_add_cell_bytes(&view->layout, style, text_string(&view->scratch), view->scratch.len);
	text_reset(&view->scratch);
}

static unsigned parts_shown(const struct text_view *view)
{
	return view->is_full ? SUMMARY_ADDRESSES | SUMMARY_TCP_NUMBERS : SUMMARY_ADDRESSES;
}

void text_view_append_packet(const struct text_view *view, const struct packet *packet, struct text *out)
{
	summary_print_parts(packet, parts_shown(view), out);
}

static char *write_seconds_left(char *at, const struct entry_view *entry, struct vtime now)
{
	*at++ = ' ';
	at = text_write_u64(at, vtime_seconds_left(entry->deadline, now, entry->hz));
	*at++ = 's';
	return at;
}

/* " -> SYN_RECV" when the state changed, " ESTABLISHED" when it stayed. */
static char *write_state(char *at, const struct event_packet *journey)
{
	const struct entry_view *entry = &journey->entry;

	if (!entry->state)
		return at;
	at = text_write(at, journey->change == ENTRY_CHANGED && journey->state_before ? " -> " : " ");
	return text_write(at, entry->state);
}

static bool is_established(const struct entry_view *entry)
{
	return entry->state && !strcmp(entry->state, "ESTABLISHED");
}

/* What a change that is not one of state was about. */
static char *write_status(char *at, const struct event_packet *journey)
{
	/* Closing states were ASSURED before: TCP and SCTP become it when they are established. */
	if (journey->change != ENTRY_CHANGED || (journey->state_before && !is_established(&journey->entry)))
		return at;
	if (journey->entry.status & STATUS_ASSURED)
		return text_write(at, " ASSURED");
	if (!journey->state_before && journey->entry.status & STATUS_SEEN_REPLY)
		return text_write(at, " replied");
	return at;
}

static size_t entry_room(const struct event_packet *journey)
{
	const char *state = journey->has_entry ? journey->entry.state : NULL;

	return sizeof("# new ->  s ASSURED untouched") + 2 * TEXT_U64_ROOM + (state ? strlen(state) : 0);
}

static char *write_entry(char *at, const struct event *event)
{
	const struct event_packet *journey = &event->journey;

	*at++ = '#';
	at = text_write_u64(at, journey->entry.id);
	if (journey->change == ENTRY_DESTROYED)
		return text_write(at, " ended");
	if (journey->change == ENTRY_NEW)
		at = text_write(at, " new");
	at = write_state(at, journey);
	at = write_seconds_left(at, &journey->entry, event->time);
	at = write_status(at, journey);
	return journey->change == ENTRY_UNCHANGED ? text_write(at, " untouched") : at;
}

static void add_entry(struct text_view *view, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	bool is_shown = journey->packet->family != FAMILY_NONE && !sighting_is_passed_over(journey->sighting);
	char *at = text_layout_begin_cell(&view->layout, entry_room(journey), 0), *end;
	enum text_style style = STYLE_DIM;

	if (!journey->has_entry) {
		end = text_write(at, is_shown ? "no entry" : "");
	} else {
		end = write_entry(at, event);
		if (journey->change == ENTRY_NEW || journey->change == ENTRY_CHANGED || journey->change == ENTRY_DESTROYED)
			style = STYLE_PLAIN;
	}
	text_layout_end_cell(&view->layout, style, end, (size_t)(end - at));
}

enum { PART_VERDICT, PART_CTSTATE, PART_HOOKS, PART_RULE, PART_PLACE };

/* Verdict, state and hooks, and of a packet that a rule decided about the rule and its place, as cells show them. */
static void print_kept(const void *what, struct piece *piece)
{
	const struct event_packet *journey = what;
	const struct rule_place *rule = journey->decided_by;
	struct text words;

	text_append(&piece->printed, journey->verdict == VERDICT_NONE ? "-" : verdict_name(journey->verdict));
	if (journey->verdict != VERDICT_NONE && journey->unsimulated)
		text_append_char(&piece->printed, '?');
	piece_end_part(piece);
	text_append(&piece->printed, journey->ctstate == CTSTATE_NONE ? "-" : ctstate_name(journey->ctstate));
	piece_end_part(piece);
	for (size_t i = 0; i < journey->n_hooks; i++) {
		if (i)
			text_append_char(&piece->printed, '>');
		text_append(&piece->printed, short_hooks[journey->hooks[i]]);
	}
	piece_end_part(piece);
	if (!rule)
		return;
	text_init(&words);
	packet_words_print_rule(rule, &words);
	utf8_append_printable(&piece->printed, text_string(&words));
	piece_end_part(piece);
	text_reset(&words);
	packet_words_print_file(rule, &words);
	utf8_append_printable(&piece->printed, text_string(&words));
	piece_end_part(piece);
	text_clear(&words);
}

static const struct piece *find_kept(struct text_view *view, const struct event_packet *journey)
{
	const uint64_t words[] = {
		packet_words_hooks(journey), pieces_pointer(journey->decided_by),
		(uint64_t)journey->ctstate << 16 | (uint64_t)journey->verdict << 8 | (journey->unsimulated != NULL),
	};
	const struct piece_key key = { words, sizeof(words) / sizeof(words[0]) };

	return pieces_print(&view->kept, &key, print_kept, journey);
}

static void add_part(struct text_view *view, const struct piece *kept, size_t part, enum text_style style)
{
	char *at = text_layout_begin_cell(&view->layout, kept->printed.len + TEXT_AT_ONCE, 0);

	text_layout_end_cell(&view->layout, style, piece_write_part(kept, part, at), kept->part_widths[part]);
}

/* Behind the hooks of a packet about which no rule decided. */
static void add_reason(struct text_view *view, const struct event_packet *journey)
{
	packet_words_print_copy(journey, &view->scratch);
	if (view->scratch.len)
		text_view_add_scratch(view, journey->difference ? STYLE_RED : STYLE_DIM);
	else
		text_layout_add_cell(&view->layout, journey->reason ? STYLE_PLAIN : STYLE_DIM,
				     journey->reason ? journey->reason : journey->verdict == VERDICT_ACCEPT ? "no rule" : "");
}

static void add_number(struct text_view *view, uint64_t number)
{
	size_t width = text_count_digits(number);
	char *at = text_layout_begin_cell(&view->layout, TEXT_U64_ROOM, width);

	text_layout_end_cell(&view->layout, STYLE_PLAIN, text_write_u64(at, number), width);
}

void text_view_add_time(struct text_view *view, struct vtime time)
{
	size_t width = time_width(time, MICROSECOND_DIGITS);
	char *at = text_layout_begin_cell(&view->layout, TIME_ROOM, width);

	text_layout_end_cell(&view->layout, STYLE_DIM, time_write(at, time, MICROSECOND_DIGITS), width);
}

static void add_packet(struct text_view *view, const struct packet *packet)
{
	struct printed_ends ends;
	char *at, *end;

	if (!summary_is_ordinary(packet)) {
		text_view_append_packet(view, packet, &view->scratch);
		text_view_add_scratch(view, STYLE_PLAIN);
		return;
	}
	at = text_layout_begin_cell(&view->layout, SUMMARY_ORDINARY_ROOM, 0);
	printed_ends_make(&ends, packet);
	end = summary_write_ordinary(at, packet, &ends, parts_shown(view));
	text_layout_end_cell(&view->layout, STYLE_PLAIN, end, (size_t)(end - at));
}

/* Is the row one whose cells have a bound, and hold nothing that may have to be made printable? */
static bool is_ordinary(const struct event_packet *journey)
{
	return journey->decided_by && summary_is_ordinary(journey->packet);
}

enum { ROW_ROOM = TEXT_U64_ROOM + TIME_ROOM + SUMMARY_ORDINARY_ROOM + TEXT_AT_ONCE };

void text_view_write_row(struct text_view *view, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	struct text_layout *layout = &view->layout;
	const struct piece *kept = find_kept(view, journey);

	if (is_ordinary(journey))
		text_layout_begin_row(layout, ROW_ROOM + entry_room(journey) + kept->printed.len);
	add_number(view, event->packet);
	text_view_add_time(view, event->time);
	add_part(view, kept, PART_VERDICT, verdict_styles[journey->verdict]);
	add_part(view, kept, PART_CTSTATE, ctstate_styles[journey->ctstate]);
	add_packet(view, journey->packet);
	add_entry(view, event);
	add_part(view, kept, PART_HOOKS, STYLE_DIM);
	if (!journey->decided_by) {
		add_reason(view, journey);
		text_layout_end_note(layout);
		return;
	}
	add_part(view, kept, PART_RULE, STYLE_PLAIN);
	add_part(view, kept, PART_PLACE, STYLE_DIM);
	text_layout_end_row(layout);
}
