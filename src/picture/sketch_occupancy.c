/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Table and packets over time in letters: two bars side by side, a line for each stretch of time. */
#include <inttypes.h>

#include "picture/diagrams.h"
#include "picture/picture_words.h"

enum { MOST_ROWS = 24, ENTRIES_W = 24, PACKETS_W = 40 };

/* Some slices as one. */
struct stretch {
	uint64_t n_entries, n_packets[VERDICT_COUNT], n_all;
};

static struct stretch add_up(const struct rates *rates, int first, int end)
{
	struct stretch stretch = { .n_all = 0 };

	for (int i = first; i < end; i++) {
		uint64_t entries = rates_entries(rates, i);

		stretch.n_entries = entries > stretch.n_entries ? entries : stretch.n_entries;
		for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
			stretch.n_packets[verdict] += rates->slices[i].n_packets[verdict];
			stretch.n_all += rates->slices[i].n_packets[verdict];
		}
	}
	return stretch;
}

static void print_bar(uint64_t n, uint64_t most, unsigned width, char c, struct text *out)
{
	uint64_t len = most ? (n * width + most - 1) / most : 0;

	for (uint64_t i = 0; i < len; i++)
		text_append_char(out, c);
}

static void print_row(const struct stretch *stretch, const struct stretch *most, struct text *out)
{
	size_t start;

	text_printf(out, " %7" PRIu64 " ", stretch->n_entries);
	start = out->len;
	print_bar(stretch->n_entries, most->n_entries, ENTRIES_W, '=', out);
	text_pad_to(out, start, ENTRIES_W + 1);
	text_printf(out, "%7" PRIu64 " ", stretch->n_all);
	print_bar(stretch->n_packets[VERDICT_ACCEPT], most->n_all, PACKETS_W, '+', out);
	print_bar(stretch->n_all - stretch->n_packets[VERDICT_ACCEPT], most->n_all, PACKETS_W, 'x', out);
	text_append_char(out, '\n');
}

void sketch_occupancy(const struct tale *tale, unsigned columns, struct text *out)
{
	const struct rates *rates = &tale->rates;
	int n_slices = rates->last + 1, step = (n_slices + MOST_ROWS - 1) / MOST_ROWS;
	struct stretch most = { .n_all = 0 };
	size_t start;

	(void)columns;
	for (int i = 0; i < n_slices; i += step) {
		struct stretch stretch = add_up(rates, i, i + step < n_slices ? i + step : n_slices);

		most.n_entries = stretch.n_entries > most.n_entries ? stretch.n_entries : most.n_entries;
		most.n_all = stretch.n_all > most.n_all ? stretch.n_all : most.n_all;
	}
	text_append(out, "        from entries                           packets: + accepted, x not\n");
	for (int i = 0; i < n_slices; i += step) {
		struct stretch stretch = add_up(rates, i, i + step < n_slices ? i + step : n_slices);
		struct text time;

		text_init(&time);
		picture_words_print_time((struct vtime){ .ns = i * rates->slice_ns }, &time);
		start = out->len;
		text_pad_to(out, start, time.len < 12 ? 12 - time.len : 0);
		text_append(out, text_string(&time));
		print_row(&stretch, &most, out);
		text_clear(&time);
	}
}
