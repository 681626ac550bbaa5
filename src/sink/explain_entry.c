/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a packet did to its entry, for people. */
#include "sink/explain_page.h"
#include "sink/explain_words.h"
#include "sink/packet_words.h"
#include "sink/time_print.h"

enum { MICROSECOND_DIGITS = 6 };

/* In "+ ASSURED (assured: ...)" what is no news is left out. */
static void print_status(struct explain_page *page, uint32_t before, uint32_t after)
{
	for (unsigned bit = 0; bit < WORDS_STATUS_BITS; bit++) {
		uint32_t mask = 1u << bit;

		if (!((before ^ after) & mask) || !explain_words_status(mask))
			continue;
		text_printf(explain_page_begin_item(page, "status"), "%c %s: %s", after & mask ? '+' : '-', status_bit_name(bit),
			    explain_words_status(mask));
		explain_page_end_line(page, STYLE_PLAIN);
	}
}

static void print_timeout(struct explain_page *page, const struct entry_view *before)
{
	const struct entry_view *after = &page->journey->entry;
	const struct event_lookup *lookup = story_lookup(page->story);
	struct vtime now = page->event->time;
	uint32_t left = vtime_seconds_left(after->deadline, now, after->hz);
	struct text *line = explain_page_begin_item(page, "time left");

	if (before && before->deadline.ns == after->deadline.ns) {
		text_printf(line, "%u s, not refreshed by this packet", left);
	} else {
		if (before)
			text_printf(line, "%u s -> ", vtime_seconds_left(before->deadline, now, before->hz));
		text_printf(line, "%u s", after->timeout_seconds);
		if (lookup && lookup->timeout_from)
			text_printf(line, " (%s)", lookup->timeout_from);
	}
	text_append(line, ": if no other packet comes it ends at ");
	time_print(after->deadline, MICROSECOND_DIGITS, line);
	text_append(line, " s");
	explain_page_end_line(page, STYLE_PLAIN);
}

/* NAT: what comes back looks otherwise than what went. */
static void print_translation(struct explain_page *page, const struct entry_view *entry)
{
	const struct tuple *original = &entry->tuple[DIRECTION_ORIGINAL], *reply = &entry->tuple[DIRECTION_REPLY];

	if (!(entry->status & (STATUS_SRC_NAT | STATUS_DST_NAT)))
		return;
	explain_words_print_flow(reply, explain_page_begin_item(page, "replies"));
	if (entry->status & STATUS_SRC_NAT) {
		text_append(&page->line, ", sent on to ");
		packet_words_print_endpoint(original, true, &page->line);
	}
	if (entry->status & STATUS_DST_NAT) {
		text_append(&page->line, ", passed on as from ");
		packet_words_print_endpoint(original, false, &page->line);
	}
	explain_page_end_line(page, STYLE_PLAIN);
}

/* What the entry is after the packet, against what it was before. */
static void print_changes(struct explain_page *page, const struct entry_view *before)
{
	const struct entry_view *after = &page->journey->entry;

	if (before)
		print_status(page, before->status, after->status);
	if (after->mark != (before ? before->mark : 0)) {
		text_printf(explain_page_begin_item(page, "mark"), "0x%x -> 0x%x", before ? before->mark : 0, after->mark);
		explain_page_end_line(page, STYLE_PLAIN);
	}
	print_translation(page, after);
	if (page->journey->change != ENTRY_DESTROYED)
		print_timeout(page, before);
}

static const char *no_entry_words(const struct explain_page *page)
{
	const struct event_lookup *lookup = story_lookup(page->story);

	if (page->journey->ctstate == CTSTATE_UNTRACKED)
		return "none: the packet is not tracked";
	if (lookup && lookup->is_new)
		return "none: the new entry is thrown away, because only a packet that gets through leaves one";
	if (lookup && lookup->ctstate == CTSTATE_INVALID)
		return "none: an INVALID packet has no entry";
	return "none";
}

/* The entry that an INVALID packet would have belonged to. */
static void append_bystander(struct explain_page *page, const struct entry_view *before)
{
	const struct event_lookup *lookup = story_lookup(page->story);
	struct text *line = &page->line;

	if (!before || !lookup || !lookup->after.id)
		return;
	text_append(line, "; #");
	text_append_u64(line, before->id);
	if (lookup->after.deadline.ns == before->deadline.ns) {
		text_append(line, " stays as it was");
	} else {
		text_printf(line, " now ends in %u s, at ", lookup->after.timeout_seconds);
		time_print(lookup->after.deadline, MICROSECOND_DIGITS, line);
		text_append(line, " s");
	}
}

void explain_entry_print(struct explain_page *page)
{
	const struct event_packet *journey = page->journey;
	const struct entry_view *entry = &journey->entry, *before = story_entry_before(page->story);
	struct text *line = &page->line;

	if (journey->verdict == VERDICT_NONE)
		return;
	if (!journey->has_entry) {
		text_printf(line, "entry: %s", no_entry_words(page));
		append_bystander(page, before);
		explain_page_end_line(page, STYLE_PLAIN);
	} else {
		if (before && before->id != entry->id)
			before = NULL;
		text_append(line, "entry #");
		text_append_u64(line, entry->id);
		text_append(line, journey->change == ENTRY_NEW ? ", new: " : journey->change == ENTRY_DESTROYED ?
			    ", ended by this packet: " : ": ");
		explain_words_print_flow(&entry->tuple[DIRECTION_ORIGINAL], line);
		if (entry->state)
			text_printf(line, ", %s", entry->state);
		explain_page_end_line(page, STYLE_PLAIN);
		page->indent++;
		print_changes(page, before);
		page->indent--;
	}
	if (journey->was_rewritten) {
		text_append(line, "leaves as: ");
		explain_words_print_flow(&journey->sent, line);
		if (journey->has_entry && journey->change != ENTRY_NEW)
			text_append(line, ", as its entry says: table nat is asked about first packets alone");
		explain_page_end_line(page, STYLE_PLAIN);
	}
}
