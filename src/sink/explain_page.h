/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One packet's explanation while it is written: lines of an indented tree. Private to the explain_*.c of text. */
#ifndef SINK_EXPLAIN_PAGE_H
#define SINK_EXPLAIN_PAGE_H

#include "base/text.h"
#include "event/event.h"
#include "sink/explain_story.h"
#include "sink/explain_text.h"
#include "sink/text_layout.h"

struct explain_page {
	const struct explain_text *options;
	const struct story *story;
	const struct event *event;
	const struct event_packet *journey;
	struct text line;		/* that is being written */
	unsigned indent;		/* in steps of two */
	bool is_untracked_told;
};

/* Ends the line that stands in page->line. */
void explain_page_end_line(struct explain_page *page, enum text_style style);

/* A whole line. */
void explain_page_add_line(struct explain_page *page, enum text_style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Begins a line "label      "; the result is page->line. */
struct text *explain_page_begin_item(struct explain_page *page, const char *label);

enum text_style explain_page_verdict_style(enum verdict verdict);

/* "  (dns.rules:9)" */
void explain_page_append_file(struct text *out, const struct rule_place *rule);

/* The rule as its author wrote it; and as iptables took it, where that says more. */
void explain_page_add_written(struct explain_page *page, const struct rule_place *rule);

/* "; and 2 other conditions": the condition that was told is one of several that fail. */
void explain_page_append_more(struct explain_page *page, uint32_t n_failed);

/* The parts of a page that have files of their own. */
void explain_table_print(struct explain_page *page, size_t table, size_t end);
void explain_binding_print(struct explain_page *page, const struct event_binding *binding);
void explain_entry_print(struct explain_page *page);
void explain_why_print(struct explain_page *page);

#endif
