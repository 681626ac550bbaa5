/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/explain_page.h"

#include <stdarg.h>
#include <string.h>

#include "sink/explain_words.h"
#include "sink/packet_words.h"

enum { INDENT = 2, LABEL_WIDTH = 12, MOST_INDENTS = 40 };	/* behind these, a chain that another one jumps to stands under it */

void explain_page_end_line(struct explain_page *page, enum text_style style)
{
	struct text whole;

	text_init(&whole);
	text_pad_to(&whole, 0, (size_t)(page->indent < MOST_INDENTS ? page->indent : MOST_INDENTS) * INDENT);
	text_append(&whole, text_string(&page->line));
	text_layout_add_line(page->options->layout, style, text_string(&whole));
	text_clear(&whole);
	text_reset(&page->line);
}

void explain_page_add_line(struct explain_page *page, enum text_style style, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vprintf(&page->line, format, args);
	va_end(args);
	explain_page_end_line(page, style);
}

struct text *explain_page_begin_item(struct explain_page *page, const char *label)
{
	text_append(&page->line, label);
	text_pad_to(&page->line, 0, LABEL_WIDTH);
	return &page->line;
}

enum text_style explain_page_verdict_style(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ACCEPT: return STYLE_GREEN;
	case VERDICT_DROP:
	case VERDICT_REJECT: return STYLE_RED;
	case VERDICT_NONE: return STYLE_DIM;
	default: return STYLE_YELLOW;
	}
}

void explain_page_append_file(struct text *out, const struct rule_place *rule)
{
	if (!rule->file || !*rule->file)
		return;
	text_append(out, "  (");
	packet_words_print_file(rule, out);
	text_append_char(out, ')');
}

void explain_page_add_written(struct explain_page *page, const struct rule_place *rule)
{
	bool is_plain;

	page->indent++;
	explain_words_print_written(rule, &page->line);
	is_plain = strcmp(text_string(&page->line), rule->text) == 0 ||
		   !(page->options->is_full || strchr(text_string(&page->line), '$'));
	explain_page_end_line(page, STYLE_DIM);
	if (!is_plain)
		explain_page_add_line(page, STYLE_DIM, "that is: %s", rule->text);
	page->indent--;
}

void explain_page_append_more(struct explain_page *page, uint32_t n_failed)
{
	if (n_failed > 1)
		text_printf(&page->line, "; and %u other condition%s", n_failed - 1, n_failed > 2 ? "s" : "");
}
