/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/compare_report.h"

#include <inttypes.h>
#include <string.h>

#include "sink/json_writer.h"
#include "sink/packet_words.h"

static const char *const side_names[SIDE_COUNT] = { [SIDE_KERNEL] = "kernel", [SIDE_OURS] = "ctreplay" };

/* Lines of `lines`, each behind the margin; "-" when there are none. */
static void print_indented(const char *lines, const char *margin, struct text *out)
{
	if (!*lines)
		text_append(out, "-\n");
	for (bool is_first = true; *lines; is_first = false) {
		size_t len = strcspn(lines, "\n");

		if (!is_first)
			text_append(out, margin);
		text_append_bytes(out, lines, len);
		text_append_char(out, '\n');
		lines += len + (lines[len] == '\n');
	}
}

void compare_report_print_sides(struct text *out, const char *what, const char *kernel, const char *ours)
{
	static const char margin[] = "            ";
	const char *const sides[SIDE_COUNT] = { [SIDE_KERNEL] = kernel, [SIDE_OURS] = ours };

	text_printf(out, "  %s\n", what);
	for (int side = 0; side < SIDE_COUNT; side++) {
		size_t start = out->len;

		text_printf(out, "    %s", side_names[side]);
		text_pad_to(out, start, sizeof(margin) + 1);
		print_indented(sides[side], "              ", out);
	}
}

void compare_report_difference(struct compare *compare, const struct packet *packet, const char *what, const char *kernel,
			       const char *ours)
{
	struct json_writer writer;

	if (!compare->is_json) {
		compare_report_print_sides(&compare->report, what, kernel, ours);
		return;
	}
	json_writer_init(&writer, &compare->report);
	json_writer_open_object(&writer, NULL);
	json_writer_add_string(&writer, "kind", "difference");
	if (packet) {
		json_writer_add_u64(&writer, "packet", packet->number);
		json_writer_add_time(&writer, "time", packet->time);
	}
	json_writer_add_string(&writer, "what", what);
	json_writer_add_string(&writer, "kernel", kernel);
	json_writer_add_string(&writer, "ctreplay", ours);
	json_writer_close_object(&writer);
	text_append_char(&compare->report, '\n');
}

void compare_report_obstacle(struct compare *compare, const struct packet *packet, const char *obstacle)
{
	struct json_writer writer;

	json_writer_init(&writer, &compare->report);
	json_writer_open_object(&writer, NULL);
	json_writer_add_string(&writer, "kind", "not_comparable");
	json_writer_add_u64(&writer, "packet", packet->number);
	json_writer_add_time(&writer, "time", packet->time);
	json_writer_add_string(&writer, "reason", obstacle);
	json_writer_close_object(&writer);
	text_append_char(&compare->report, '\n');
}

/* Was something not compared? */
static bool has_doubts(const struct compare *compare)
{
	for (size_t i = 0; i < compare->clock.n_timed; i++)
		if (compare->clock.timed[i].n_asked)
			return true;
	return compare->n_incomparable > 0;
}

static const char *result_words(const struct compare *compare)
{
	if (compare->n_different + compare->n_other)
		return "DIFFERENCES";
	if (!has_doubts(compare))
		return "agreement";
	return compare->n_equal ? "no difference in what can be compared" : "nothing could be compared";
}

static void print_ignored(const struct compare *compare, struct text *out)
{
	for (size_t i = 0; i < compare->clock.n_timed; i++) {
		const struct compare_timed *timed = &compare->clock.timed[i];

		if (!timed->only_logs || !timed->n_asked)
			continue;
		text_append(out, "not comparable: whether ");
		packet_words_print_place(timed->rule, out);
		text_printf(out, " matches (%s): %" PRIu64 " packets\n", timed->match, timed->n_asked);
	}
}

void compare_report_counts(struct compare *compare, const char *kernel)
{
	struct text *out = &compare->report;

	text_printf(out, "%s with %s: %" PRIu64 " packets, %" PRIu64 " alike", result_words(compare), kernel,
		    compare->n_packets, compare->n_equal);
	if (compare->n_different)
		text_printf(out, ", %" PRIu64 " different", compare->n_different);
	if (compare->n_other)
		text_printf(out, ", %" PRIu64 " counters or entries different", compare->n_other);
	if (compare->n_incomparable)
		text_printf(out, ", %" PRIu64 " not comparable", compare->n_incomparable);
	text_append_char(out, '\n');
	for (size_t i = 0; i < compare->n_reasons; i++)
		text_printf(out, "not comparable: %" PRIu64 " %s: %s\n", compare->reasons[i].n,
			    compare->reasons[i].n == 1 ? "packet" : "packets", compare->reasons[i].reason);
	print_ignored(compare, out);
	if (compare->n_incomparable)
		text_append(out, "not comparable: the counters at the end, because of these packets\n");
	else if (compare->has_unheard)
		text_append(out, "not comparable: counters of OUTPUT, POSTROUTING and chains of the user's, because of what the host "
				 "sent when the time of fragments was over\n");
}

void compare_report_counts_as_json(struct compare *compare, const char *kernel)
{
	struct json_writer writer;

	json_writer_init(&writer, &compare->report);
	json_writer_open_object(&writer, NULL);
	json_writer_add_string(&writer, "kind", "verify");
	json_writer_add_string(&writer, "kernel", kernel);
	json_writer_add_string(&writer, "result", result_words(compare));
	json_writer_add_u64(&writer, "packets", compare->n_packets);
	json_writer_add_u64(&writer, "alike", compare->n_equal);
	json_writer_add_u64(&writer, "different", compare->n_different);
	json_writer_add_u64(&writer, "other_differences", compare->n_other);
	json_writer_add_u64(&writer, "not_comparable", compare->n_incomparable);
	json_writer_open_array(&writer, "reasons");
	for (size_t i = 0; i < compare->n_reasons; i++) {
		json_writer_open_object(&writer, NULL);
		json_writer_add_string(&writer, "reason", compare->reasons[i].reason);
		json_writer_add_u64(&writer, "packets", compare->reasons[i].n);
		json_writer_close_object(&writer);
	}
	json_writer_close_array(&writer);
	json_writer_close_object(&writer);
	text_append_char(&compare->report, '\n');
}
