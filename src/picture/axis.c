/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/axis.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "picture/picture_words.h"

/* The longest silence is so many times as long as the middle one: then silences are shortened. */
enum { UNEVEN = 12, TICK_WIDTH = 84 };

static int compare_times(const void *a, const void *b)
{
	int64_t one = ((const struct vtime *)a)->ns, other = ((const struct vtime *)b)->ns;

	return one < other ? -1 : one > other;
}

static int compare_numbers(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

	return one < other ? -1 : one > other;
}

static size_t sort_times(struct vtime *times, size_t n)
{
	size_t n_kept = 1;

	qsort(times, n, sizeof(*times), compare_times);
	for (size_t i = 1; i < n; i++)
		if (times[i].ns != times[n_kept - 1].ns)
			times[n_kept++] = times[i];
	return n_kept;
}

static bool is_uneven(const struct vtime *times, size_t n)
{
	int64_t *silences;
	bool result;

	if (n < 3)
		return false;
	silences = alloc_zeroed(n - 1, sizeof(*silences));
	for (size_t i = 0; i + 1 < n; i++)
		silences[i] = times[i + 1].ns - times[i].ns;
	qsort(silences, n - 1, sizeof(*silences), compare_numbers);
	result = silences[n - 2] / UNEVEN > silences[(n - 1) / 2];
	free(silences);
	return result;
}

static int64_t cube_root(int64_t value)
{
	int64_t root = 0;

	for (int64_t bit = 1 << 20; bit; bit >>= 1)
		if ((root + bit) * (root + bit) * (root + bit) <= value)
			root += bit;
	return root;
}

static size_t collect_times(const struct tale *tale, size_t n_entries, struct vtime *times)
{
	size_t n = 0;

	for (size_t i = 0; i < tale->n_packets; i++)
		times[n++] = tale->packets[i].time;
	for (size_t i = 0; i < n_entries; i++) {
		times[n++] = tale->entries[i].start;
		if (tale->entries[i].is_over)
			times[n++] = tale->entries[i].end;
	}
	if (!n)
		times[n++] = tale->end;
	return sort_times(times, n);
}

void axis_init(struct axis *axis, const struct tale *tale, size_t n_entries, int left, int right)
{
	double all = 0, so_far = 0, *lengths;

	*axis = (struct axis){ .left = left, .right = right };
	axis->times = alloc_zeroed(tale->n_packets + 2 * n_entries + 1, sizeof(*axis->times));
	axis->n = collect_times(tale, n_entries, axis->times);
	axis->is_shortened = is_uneven(axis->times, axis->n);
	axis->x = alloc_zeroed(axis->n, sizeof(*axis->x));
	lengths = alloc_zeroed(axis->n, sizeof(*lengths));
	for (size_t i = 1; i < axis->n; i++) {
		int64_t silence = axis->times[i].ns - axis->times[i - 1].ns;

		lengths[i] = (double)(axis->is_shortened ? cube_root(silence) : silence);
		all += lengths[i];
	}
	for (size_t i = 0; i < axis->n; i++) {
		so_far += lengths[i];
		axis->x[i] = left + (all > 0 ? (int)(so_far / all * (right - left)) : 0);
	}
	free(lengths);
}

void axis_clear(struct axis *axis)
{
	free(axis->times);
	free(axis->x);
	*axis = (struct axis){ .n = 0 };
}

int axis_x(const struct axis *axis, struct vtime time)
{
	size_t low = 0, high = axis->n - 1;
	int64_t from, to;

	if (time.ns <= axis->times[0].ns)
		return axis->x[0];
	if (time.ns >= axis->times[high].ns)
		return axis->x[high];
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (axis->times[middle].ns <= time.ns)
			low = middle;
		else
			high = middle;
	}
	from = axis->times[low].ns;
	to = axis->times[high].ns;
	return axis->x[low] + (int)((double)(time.ns - from) / (double)(to - from) * (axis->x[high] - axis->x[low]));
}

static void draw_tick(const struct axis *axis, struct canvas *canvas, size_t i, int top, int y)
{
	static const struct look grid = { .line = INK_FAINT, .width = 10 };
	static const struct look line = { .line = INK_LINE, .width = 10 };
	struct lettering number = { .ink = INK_MUTED, .size = 12, .is_mono = true, .anchor = ANCHOR_MIDDLE };
	int at = axis->x[i], half;
	struct text time;

	text_init(&time);
	picture_words_print_time(axis->times[i], &time);
	half = canvas_text_width(&number, text_string(&time)) / 2 + 2;
	at = at < half ? half : at > PICTURE_WIDTH - half ? PICTURE_WIDTH - half : at;
	canvas_line(canvas, (struct point){ axis->x[i], top }, (struct point){ axis->x[i], y }, &grid);
	canvas_line(canvas, (struct point){ axis->x[i], y }, (struct point){ axis->x[i], y + 6 }, &line);
	canvas_text(canvas, (struct point){ at, y + 20 }, &number, "%s", text_string(&time));
	text_clear(&time);
}

void axis_draw(const struct axis *axis, struct canvas *canvas, int top, int y)
{
	static const struct look line = { .line = INK_LINE, .width = 12 };
	static const struct lettering words = { .ink = INK_MUTED, .size = 12, .anchor = ANCHOR_END };
	int last = INT32_MIN;

	for (size_t i = 0; i < axis->n; i++) {
		/* The last one always; others where there is room before it. */
		bool is_last = i + 1 == axis->n;

		if (!is_last && (axis->x[i] - TICK_WIDTH < last || axis->x[axis->n - 1] - TICK_WIDTH < axis->x[i]) && i)
			continue;
		draw_tick(axis, canvas, i, top, y);
		last = axis->x[i];
	}
	canvas_line(canvas, (struct point){ axis->left, y }, (struct point){ axis->right, y }, &line);
	canvas_text(canvas, (struct point){ axis->right, y + 40 }, &words,
		    axis->is_shortened ? "seconds since the first packet; long silences are drawn shorter" :
					 "seconds since the first packet");
}
