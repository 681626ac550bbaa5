/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report: one page that holds everything and needs nothing. The page itself is report.html, with report.css and
 * report.js, put into the program when it is built; here the data are written into it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "picture/canvas_write.h"
#include "picture/diagrams.h"
#include "picture/report_data.h"
#include "picture/report_why.h"
#include "picture/tale.h"
#include "sink/json_writer.h"
#include "sink/sink.h"
#include "sink/time_print.h"

static const char page[] =
#include "report_html.inc"
	;
static const char style[] =
#include "report_css.inc"
	;
static const char program[] =
#include "report_js.inc"
	;

struct html {
	struct text *out;
	struct report_data data;
	struct report_why why;
	struct tale tale;
	struct text about, warnings, summary;	/* JSON */
	size_t n_warnings;
};

/* Up to the line that is a mark, or to the end; where the page goes on behind it. */
static const char *write_until(struct text *out, const char *from, const char *mark)
{
	const char *at = strstr(from, mark);

	if (!at) {
		text_append(out, from);
		return from + strlen(from);
	}
	text_append_bytes(out, from, (size_t)(at - from));
	return at + strlen(mark);
}

static void *open_html(const struct sink_options *options, struct output *output)
{
	struct html *html = alloc_zeroed(1, sizeof(*html));
	const char *at;

	html->out = &output->buffer;
	report_data_init(&html->data, html->out);
	report_why_init(&html->why, html->out);
	tale_init(&html->tale, options->flow);
	text_init(&html->about);
	text_init(&html->warnings);
	text_init(&html->summary);
	at = write_until(html->out, page, "@style@");
	text_append(html->out, style);
	write_until(html->out, at, "@data@");
	return html;
}

static void keep_run(struct html *html, const struct event_run *run)
{
	struct json_writer writer;
	struct text start;

	text_init(&start);
	if (!run->is_empty)
		time_print_date(run->origin_seconds, run->origin_ns, &start);
	json_writer_init(&writer, &html->about);
	json_writer_open_object(&writer, NULL);
	json_writer_add_name(&writer, "capture", run->capture);
	json_writer_add_name(&writer, "host", run->host);
	json_writer_add_string(&writer, "start", text_string(&start));
	json_writer_open_array(&writer, "tables");
	for (size_t i = 0; i < run->n_tables; i++)
		json_writer_add_string(&writer, NULL, run->tables[i]);
	json_writer_close_array(&writer);
	json_writer_close_object(&writer);
	text_clear(&start);
}

static void keep_warning(struct html *html, const struct event_warning *warning)
{
	struct json_writer writer;

	text_append_char(&html->warnings, html->n_warnings++ ? ',' : '[');
	json_writer_init(&writer, &html->warnings);
	json_writer_add_string(&writer, NULL, warning->text);
}

static void keep_summary(struct html *html, const struct event_summary *summary)
{
	struct json_writer writer;

	json_writer_init(&writer, &html->summary);
	json_writer_open_object(&writer, NULL);
	json_writer_add_u64(&writer, "packets", summary->n_packets);
	json_writer_add_u64(&writer, "created", summary->n_created);
	json_writer_add_u64(&writer, "expired", summary->n_expired);
	json_writer_add_u64(&writer, "live", summary->n_live);
	json_writer_add_u64(&writer, "not_ip", summary->n_not_ip);
	json_writer_add_u64(&writer, "cut", summary->n_cut);
	json_writer_add_u64(&writer, "backwards", summary->n_backwards);
	json_writer_add_u64(&writer, "unsimulated", summary->n_unsimulated);
	json_writer_close_object(&writer);
}

static void on_event(void *state, const struct event *event)
{
	struct html *html = state;

	tale_add(&html->tale, event);
	report_why_add(&html->why, event);
	switch (event->kind) {
	case EVENT_RUN:
		keep_run(html, &event->run);
		break;
	case EVENT_PACKET:
		report_data_add_packet(&html->data, event);
		break;
	case EVENT_CONNTRACK:
		report_data_add_conntrack(&html->data, event);
		break;
	case EVENT_CHAIN:
		report_data_add_chain(&html->data, event);
		break;
	case EVENT_COUNTER:
		report_data_add_counter(&html->data, event);
		break;
	case EVENT_FINDING:
		report_data_add_finding(&html->data, event);
		break;
	case EVENT_WARNING:
		keep_warning(html, &event->warning);
		break;
	case EVENT_SUMMARY:
		keep_summary(html, &event->summary);
		break;
	default:
		break;
	}
}

/* The words that rows give by number. */
static void write_words(struct text *out)
{
	struct json_writer writer;
	struct text json;

	text_init(&json);
	json_writer_init(&writer, &json);
	json_writer_open_object(&writer, NULL);
	json_writer_open_array(&writer, "verdicts");
	for (unsigned verdict = 0; verdict < VERDICT_COUNT; verdict++)
		json_writer_add_string(&writer, NULL, verdict_name((enum verdict)verdict));
	json_writer_close_array(&writer);
	json_writer_open_array(&writer, "ctstates");
	for (unsigned ctstate = 0; ctstate < CTSTATE_COUNT; ctstate++)
		json_writer_add_string(&writer, NULL, ctstate_name((enum ctstate)ctstate));
	json_writer_close_array(&writer);
	json_writer_open_array(&writer, "status");
	for (unsigned bit = 0; bit < WORDS_STATUS_BITS; bit++)
		json_writer_add_string(&writer, NULL, status_bit_name(bit));
	json_writer_close_array(&writer);
	json_writer_close_object(&writer);
	report_data_write_element(out, "words", text_string(&json));
	text_clear(&json);
}

/* One packet's path is its explanation; all other kinds are drawn. */
static void write_diagrams(struct html *html)
{
	for (int kind = 0; kind < DIAGRAM_KIND_COUNT; kind++) {
		struct canvas canvas;

		if (kind == DIAGRAM_path)
			continue;
		canvas_init(&canvas);
		diagram_types[kind].draw(&html->tale, &canvas);
		text_printf(html->out, "<template class=\"diagram\" data-name=\"%s\" data-summary=\"%s\">", diagram_types[kind].name,
			    diagram_types[kind].summary);
		canvas_write_svg(&canvas, THEME_AUTO, html->out);
		text_append(html->out, "</template>\n");
		canvas_clear(&canvas);
	}
}

static void close_html(void *state)
{
	struct html *html = state;
	const char *at = strstr(page, "@data@") + strlen("@data@");

	if (html->n_warnings)
		text_append_char(&html->warnings, ']');
	report_data_flush(&html->data);
	report_why_flush(&html->why);
	report_data_write_rules(&html->data);
	write_words(html->out);
	report_data_write_element(html->out, "about", html->about.len ? text_string(&html->about) : "{}");
	report_data_write_element(html->out, "summary", html->summary.len ? text_string(&html->summary) : "{}");
	report_data_write_element(html->out, "warnings", html->warnings.len ? text_string(&html->warnings) : "[]");
	write_diagrams(html);
	at = write_until(html->out, at, "@program@");
	text_append(html->out, program);
	write_until(html->out, at, "@end@");
	report_data_clear(&html->data);
	report_why_clear(&html->why);
	tale_clear(&html->tale);
	text_clear(&html->about);
	text_clear(&html->warnings);
	text_clear(&html->summary);
	free(html);
}

const struct sink_type sink_html = {
	.name = "html",
	.summary = "the report: one page to look at, with packets, table, explanations and diagrams",
	.kinds = DIAGRAM_COMMON_KINDS | DIAGRAM_STORY_KINDS | EVENT_PACKET_PHANTOM | EVENT_BIT(EVENT_BUCKET) | EVENT_BIT(EVENT_CHAIN) |
		 EVENT_BIT(EVENT_COUNTER) | EVENT_BIT(EVENT_FINDING) | EVENT_BIT(EVENT_WARNING),
	.hidden_kinds = EVENT_BIT(EVENT_CONNTRACK),
	.open = open_html,
	.on_event = on_event,
	.close = close_html,
};
