/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What pictures are made of: the fold over the events, counts over time, shapes, SVG, letters. */
#include "picture/canvas_write.h"
#include "picture/letters.h"
#include "picture/sequence.h"
#include "picture/tale.h"
#include "sink_samples.h"

static const struct sample_flow dns = { PROTOCOL_UDP, "192.168.1.2", 35237, "192.168.1.10", 53, 0, 0, { 0, 0 } };
static const struct sample_flow other = { PROTOCOL_UDP, "192.168.1.3", 1000, "192.168.1.10", 53, 0, 0, { 0, 0 } };

static void say(struct tale *tale, uint64_t packet, double seconds, struct event event)
{
	event.packet = packet;
	event.time = sample_time(seconds);
	tale_add(tale, &event);
}

static void say_conntrack(struct tale *tale, uint64_t packet, double seconds, uint32_t bits, struct entry_view entry)
{
	say(tale, packet, seconds,
	    (struct event){ .kind = EVENT_CONNTRACK, .conntrack = { .bits = bits, .entry = entry, .expired = !packet } });
}

static void say_packet(struct tale *tale, uint64_t number, double seconds, const struct sample_flow *flow, uint64_t id)
{
	struct packet packet = sample_packet(flow->protocol, flow->src, flow->sport, flow->dst, flow->dport);
	struct event event = { .kind = EVENT_PACKET, .journey = { .packet = &packet, .in = "", .out = "", .verdict = VERDICT_ACCEPT } };

	if (id) {
		event.journey.has_entry = true;
		event.journey.entry = sample_entry(flow, id, sample_time(seconds + 30));
	}
	say(tale, number, seconds, event);
}

START_TEST(an_entry_from_its_first_packet_to_its_end)
{
	const struct tale_entry *entry;
	struct tale tale;

	tale_init(&tale, 0);
	say_conntrack(&tale, 1, 0, CONNTRACK_EVENT_NEW, sample_entry(&dns, 1, sample_time(30)));
	say_packet(&tale, 1, 0, &dns, 1);
	say_packet(&tale, 2, 5, &dns, 1);
	say_conntrack(&tale, 0, 35, CONNTRACK_EVENT_DESTROY, sample_entry(&dns, 1, sample_time(35)));
	entry = tale_find_entry(&tale, 1);
	ck_assert_ptr_nonnull(entry);
	ck_assert(entry->is_over && entry->has_expired);
	ck_assert_int_eq(entry->start.ns, 0);
	ck_assert_int_eq(entry->end.ns, sample_time(35).ns);
	ck_assert_uint_eq(tale.moments[entry->first].packet, 1);
	ck_assert_uint_eq(tale.moments[entry->first].next, entry->last);
	ck_assert_int_eq(tale.moments[entry->last].deadline.ns, sample_time(35).ns);
	ck_assert_ptr_null(tale_find_entry(&tale, 2));
	ck_assert_uint_eq(rates_entries(&tale.rates, tale.rates.last), 1);
	tale_clear(&tale);
}
END_TEST

START_TEST(entries_stand_in_order_of_their_ids)
{
	static const uint64_t ids[] = { 3, 1, 2 };
	struct tale tale;

	tale_init(&tale, 0);
	for (uint64_t i = 0; i < 3; i++) {
		say_conntrack(&tale, i + 1, (double)i, CONNTRACK_EVENT_NEW, sample_entry(&dns, ids[i], sample_time(30)));
		say_packet(&tale, i + 1, (double)i, &dns, ids[i]);
	}
	for (uint64_t id = 1; id <= 3; id++) {
		ck_assert_uint_eq(tale.entries[id - 1].view.id, id);
		ck_assert_ptr_eq(tale_find_entry(&tale, id), &tale.entries[id - 1]);
		ck_assert_uint_eq(ids[tale.moments[tale.entries[id - 1].first].packet - 1], id);
	}
	tale_clear(&tale);
}
END_TEST

/* Also packets without an entry, when their ends are those of the flow: a late answer that is dropped. */
START_TEST(a_flow_alone)
{
	struct tale tale;

	tale_init(&tale, 2);
	say_conntrack(&tale, 1, 0, CONNTRACK_EVENT_NEW, sample_entry(&other, 1, sample_time(30)));
	say_packet(&tale, 1, 0, &other, 1);
	say_conntrack(&tale, 2, 1, CONNTRACK_EVENT_NEW, sample_entry(&dns, 2, sample_time(31)));
	say_packet(&tale, 2, 1, &dns, 2);
	say_packet(&tale, 3, 90, &dns, 0);
	say_packet(&tale, 4, 91, &other, 0);
	ck_assert_uint_eq(tale.n_packets, 2);
	ck_assert_uint_eq(tale.packets[0].number, 2);
	ck_assert_uint_eq(tale.packets[1].number, 3);
	ck_assert_uint_eq(tale.n_entries, 1);
	tale_clear(&tale);
}
END_TEST

START_TEST(memory_has_an_end)
{
	struct tale tale;

	tale_init(&tale, 0);
	for (uint64_t i = 1; i <= TALE_MOST_PACKETS + 10; i++) {
		say_conntrack(&tale, i, (double)i, CONNTRACK_EVENT_NEW, sample_entry(&dns, i, sample_time((double)i + 30)));
		say_packet(&tale, i, (double)i, &dns, i);
	}
	ck_assert_uint_eq(tale.n_packets, TALE_MOST_PACKETS);
	ck_assert_uint_eq(tale.n_packets_left_out, 10);
	ck_assert_uint_eq(tale.n_entries, TALE_MOST_ENTRIES);
	ck_assert_uint_eq(tale.n_entries_left_out, TALE_MOST_PACKETS + 10 - TALE_MOST_ENTRIES);
	tale_clear(&tale);
}
END_TEST

/* Every packet comes after a silence and after the end of the entry before: four rows each, however many rows came before them. */
START_TEST(a_sequence_has_an_end)
{
	for (uint64_t n_first = 0; n_first < 4; n_first++) {
		struct sequence sequence;
		struct tale tale;

		tale_init(&tale, 0);
		for (uint64_t i = 1; i <= n_first; i++)
			say_packet(&tale, i, 0, &other, 0);
		for (uint64_t i = n_first + 1; i <= n_first + SEQUENCE_MOST_ROWS; i++) {
			double begin = 100 * (double)i;

			say_conntrack(&tale, i, begin, CONNTRACK_EVENT_NEW, sample_entry(&dns, i, sample_time(begin + 30)));
			say_packet(&tale, i, begin, &dns, i);
			say_conntrack(&tale, 0, begin + 30, CONNTRACK_EVENT_DESTROY, sample_entry(&dns, i, sample_time(begin + 30)));
		}
		sequence_make(&tale, &sequence);
		ck_assert_uint_le(sequence.n_rows, SEQUENCE_MOST_ROWS);
		ck_assert_uint_ge(sequence.n_rows, SEQUENCE_MOST_ROWS - 4);
		ck_assert_uint_gt(sequence.n_left_out, 0);
		sequence_clear(&sequence);
		tale_clear(&tale);
	}
}
END_TEST

/* Ever longer slices: nothing is lost when two become one. */
START_TEST(rates_count_every_packet)
{
	struct rates rates;
	uint64_t n = 0;

	rates_init(&rates);
	for (int i = 0; i < 10000; i++) {
		rates_count_packet(&rates, sample_time(i * 0.37), i % 3 ? VERDICT_ACCEPT : VERDICT_DROP);
		if (i % 10 == 0)
			rates_change_entries(&rates, sample_time(i * 0.37), 1);
	}
	for (int i = 0; i < RATES_SLICES; i++)
		n += rates.slices[i].n_packets[VERDICT_ACCEPT] + rates.slices[i].n_packets[VERDICT_DROP];
	ck_assert_uint_eq(n, 10000);
	ck_assert_uint_eq(rates_entries(&rates, rates.last), 1000);
	ck_assert_int_lt(rates.last, RATES_SLICES);
	ck_assert_int_ge(rates.slice_ns * RATES_SLICES, sample_time(3699).ns);
}
END_TEST

START_TEST(a_quiet_slice_has_the_entries_of_the_one_before)
{
	struct rates rates;

	rates_init(&rates);
	rates_change_entries(&rates, sample_time(0), 1);
	rates_change_entries(&rates, sample_time(0), 1);
	rates_change_entries(&rates, sample_time(0.1), -1);
	ck_assert_uint_eq(rates_entries(&rates, 0), 2);
	ck_assert_uint_eq(rates_entries(&rates, 5), 2);
	ck_assert_uint_eq(rates_entries(&rates, rates.last), 2);
	ck_assert_uint_eq(rates_entries(&rates, rates.last + 1), 1);
}
END_TEST

static void draw_text(const char *string, enum theme theme, struct text *out)
{
	struct canvas canvas;

	canvas_init(&canvas);
	canvas.width = canvas.height = 100;
	canvas_describe(&canvas, string, "");
	canvas_text(&canvas, (struct point){ 1, 2 }, &(struct lettering){ .ink = INK_TEXT, .size = 12 }, "%s", string);
	canvas_write_svg(&canvas, theme, out);
	canvas_clear(&canvas);
}

/* Rules and captures are written by others. */
START_TEST(nothing_breaks_out_of_a_text)
{
	struct text svg;

	text_init(&svg);
	draw_text("<script>\"&\001\377\r\n'", THEME_LIGHT, &svg);
	ck_assert_ptr_null(strstr(text_string(&svg), "<script"));
	ck_assert_ptr_nonnull(strstr(text_string(&svg), ">&lt;script&gt;&quot;&amp;??" "??" "'</text>"));
	text_clear(&svg);
}
END_TEST

START_TEST(colours_follow_the_theme)
{
	struct text svg;

	text_init(&svg);
	draw_text("a", THEME_AUTO, &svg);
	ck_assert_ptr_nonnull(strstr(text_string(&svg), "prefers-color-scheme: dark"));
	text_reset(&svg);
	draw_text("a", THEME_LIGHT, &svg);
	ck_assert_ptr_null(strstr(text_string(&svg), "<style>"));
	ck_assert_ptr_nonnull(strstr(text_string(&svg), "#ffffff"));
	text_reset(&svg);
	draw_text("a", THEME_DARK, &svg);
	ck_assert_ptr_null(strstr(text_string(&svg), "#ffffff"));
	text_clear(&svg);
}
END_TEST

START_TEST(a_quote_ends_no_gnuplot_string)
{
	struct canvas canvas;
	struct text script;

	text_init(&script);
	canvas_init(&canvas);
	canvas.width = canvas.height = 100;
	canvas_describe(&canvas, "title", "");
	canvas_text(&canvas, (struct point){ 1, 2 }, &(struct lettering){ .ink = INK_TEXT, .size = 12 }, "'; system 'x");
	canvas_write_gnuplot(&canvas, THEME_LIGHT, GNUPLOT_PNG, &script);
	ck_assert_ptr_nonnull(strstr(text_string(&script), "set label '''; system ''x' at"));
	canvas_clear(&canvas);
	text_clear(&script);
}
END_TEST

static const struct {
	const char *name, *string;
	int width;
	const char *text;
	int size;
} cuts[] = {
	{ "fits", "abc", 100, "abc", 12 },
	{ "is set smaller", "abcdefghij", 60, "abcdefghij", 9 },
	{ "is cut", "abcdefghij", 40, "abcdef…", 9 },
	{ "no blank before the ellipsis", "abc defghij", 29, "abc…", 9 },
	{ "not within a character", "ääääääääää", 40, "ääääää…", 9 },
	{ "nothing fits", "abc", 1, "…", 9 },
};

START_TEST(long_texts_are_cut)
{
	struct canvas canvas;

	canvas_init(&canvas);
	canvas_text_within(&canvas, (struct point){ 0, 0 }, cuts[_i].width, &(struct lettering){ .size = 12, .is_mono = true },
			   cuts[_i].string);
	ck_assert_str_eq(canvas.shapes[0].text, cuts[_i].text);
	ck_assert_int_eq(canvas.shapes[0].lettering.size, cuts[_i].size);
	canvas_clear(&canvas);
}
END_TEST

START_TEST(letters_on_a_grid)
{
	struct letters letters;
	struct text out;

	text_init(&out);
	letters_init(&letters, 12);
	letters_put(&letters, 2, 1, "ab\033c");
	letters_fill(&letters, 0, 0, 0, 2, '|');
	letters_put_left_of(&letters, 12, 1, "xyz");
	letters_put_around(&letters, 6, 2, 5, "a long one");
	letters_put(&letters, 10, 0, "is cut at the edge");
	letters_put(&letters, 500, 0, "outside");
	letters_write(&letters, &out);
	ck_assert_str_eq(text_string(&out), "|         is\n| ab?c   xyz\n|   a lo~\n");
	letters_clear(&letters);
	text_clear(&out);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_test(tests, an_entry_from_its_first_packet_to_its_end);
	tcase_add_test(tests, entries_stand_in_order_of_their_ids);
	tcase_add_test(tests, a_flow_alone);
	tcase_add_test(tests, memory_has_an_end);
	tcase_add_test(tests, a_sequence_has_an_end);
	tcase_add_test(tests, rates_count_every_packet);
	tcase_add_test(tests, a_quiet_slice_has_the_entries_of_the_one_before);
	tcase_add_test(tests, nothing_breaks_out_of_a_text);
	tcase_add_test(tests, colours_follow_the_theme);
	tcase_add_test(tests, a_quote_ends_no_gnuplot_string);
	tcase_add_loop_test(tests, long_texts_are_cut, 0, (int)(sizeof(cuts) / sizeof(cuts[0])));
	tcase_add_test(tests, letters_on_a_grid);
}

int main(void)
{
	return sample_run("picture", add_tests);
}
