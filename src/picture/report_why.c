/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/report_why.h"

#include <stdlib.h>
#include <string.h>
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif

#include "base/alloc.h"
#include "picture/report_data.h"
#include "sink/explain_text.h"
#include "sink/json_writer.h"

void report_why_init(struct report_why *why, struct text *out)
{
	memset(why, 0, sizeof(*why));
	story_init(&why->story);
	text_init(&why->chunk);
	text_init(&why->page);
	text_layout_init(&why->layout, &why->page, true);
	why->out = out;
}

void report_why_clear(struct report_why *why)
{
	story_clear(&why->story);
	text_layout_clear(&why->layout);
	text_clear(&why->chunk);
	text_clear(&why->page);
}

#ifdef HAVE_ZLIB

/* RFC 4648. */
static void append_base64(struct text *out, const unsigned char *bytes, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		unsigned group = (unsigned)bytes[i] << 16 | (i + 1 < len ? (unsigned)bytes[i + 1] << 8 : 0) | (i + 2 < len ? bytes[i + 2] : 0);

		text_append_char(out, digits[group >> 18]);
		text_append_char(out, digits[group >> 12 & 63]);
		text_append_char(out, i + 1 < len ? digits[group >> 6 & 63] : '=');
		text_append_char(out, i + 2 < len ? digits[group & 63] : '=');
	}
}

static void write_chunk(struct text *out, const struct text *json)
{
	uLongf len = compressBound((uLong)json->len);
	unsigned char *packed = alloc_zeroed(len, 1);

	if (compress2(packed, &len, (const unsigned char *)json->bytes, (uLong)json->len, Z_DEFAULT_COMPRESSION) != Z_OK)
		alloc_fail();	/* the buffer is as large as zlib wants it: only memory can be short */
	text_append(out, "<script type=\"text/plain\" class=\"why\">");
	append_base64(out, packed, len);
	text_append(out, "</script>\n");
	free(packed);
}

#else

static void write_chunk(struct text *out, const struct text *json)
{
	report_data_write_element(out, "why", text_string(json));
}

#endif

void report_why_flush(struct report_why *why)
{
	if (why->n) {
		text_append_char(&why->chunk, ']');
		write_chunk(why->out, &why->chunk);
	}
	text_reset(&why->chunk);
	why->n = 0;
}

static void end_packet(struct report_why *why, const struct event *event)
{
	struct explain_text options = { .layout = &why->layout };
	struct json_writer writer;

	explain_text_print(&options, &why->story, event);
	text_append_char(&why->chunk, why->n ? ',' : '[');
	json_writer_init(&writer, &why->chunk);
	json_writer_add_string(&writer, NULL, text_string(&why->page));
	text_reset(&why->page);
	story_reset(&why->story);
	if (++why->n == REPORT_CHUNK)
		report_why_flush(why);
}

void report_why_add(struct report_why *why, const struct event *event)
{
	if (event->kind == EVENT_PACKET)
		end_packet(why, event);
	else
		story_add(&why->story, event);
}
