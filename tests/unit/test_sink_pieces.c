/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What formats keep of the lines before changes no line: drawn packets through one sink, and each through a sink of its own, which has
 * kept nothing yet.
 */
#include "sink_samples.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/random.h"
#include "sink/json_parts.h"

enum { N_RULES = 600, N_PACKETS = 3000, MOST_MATCHED = 6 };

struct drawn {
	struct random random;
	struct rule_place rules[N_RULES];
	char texts[N_RULES][48];
	struct packet packet;
	const struct rule_place *matched[MOST_MATCHED];
};

static unsigned draw(struct drawn *drawn, unsigned n)
{
	return (unsigned)(random_u64(&drawn->random) % n);
}

static const struct rule_place *draw_rule(struct drawn *drawn)
{
	return draw(drawn, 4) ? &drawn->rules[draw(drawn, 3) ? draw(drawn, 4) : draw(drawn, N_RULES)] : NULL;
}

static void make_rules(struct drawn *drawn)
{
	for (unsigned i = 0; i < N_RULES; i++) {
		snprintf(drawn->texts[i], sizeof(drawn->texts[i]), "-A \"INPUT\" -j NUMBER %u", i);
		drawn->rules[i] = (struct rule_place){
			.family = FAMILY_IPV4, .table = i % 2 ? "filter" : "nat", .chain = i % 3 ? "INPUT" : "a,b", .number = i % 7,
			.file = i % 5 ? "a.rules" : "", .line = i % 11, .text = drawn->texts[i], .target = "ACCEPT",
		};
	}
}

static void draw_packet(struct drawn *drawn)
{
	static const uint8_t protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMP, PROTOCOL_GRE, 77 };
	bool is_ipv6 = draw(drawn, 4) == 0;
	uint8_t protocol = protocols[draw(drawn, 5)];
	uint16_t port = protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP ? (uint16_t)draw(drawn, 65536) : 0;

	drawn->packet = sample_packet(protocol, is_ipv6 ? "2001:db8::1" : "192.0.2.200", port, is_ipv6 ? "::" : "1.22.33.4", port);
	drawn->packet.tcp_flags = (uint8_t)draw(drawn, 256);
	drawn->packet.problem = draw(drawn, 9) ? NULL : "a \"problem\", somewhere";
}

static void draw_entry(struct drawn *drawn, struct event_packet *journey)
{
	static const char *const states[] = { NULL, "ESTABLISHED", "SYN_SENT" };
	struct sample_flow flow = { PROTOCOL_TCP, "10.0.0.1", (uint16_t)draw(drawn, 65536), "10.0.0.2", 80, 0, 0, { 0, 0 } };

	flow.zone[draw(drawn, 2)] = (uint16_t)draw(drawn, 2);
	journey->has_entry = true;
	journey->change = (enum entry_change)(1 + draw(drawn, 5));
	journey->entry = sample_entry(&flow, draw(drawn, 1u << 30), sample_time(draw(drawn, 1000)));
	journey->entry.state = states[draw(drawn, 3)];
	journey->entry.status = draw(drawn, 1 << WORDS_STATUS_BITS);
	journey->state_before = states[draw(drawn, 3)];
}

static struct event draw_event(struct drawn *drawn)
{
	static const char *const names[] = { "", "eth0", "eth1", "a,b" }, *const reasons[] = { NULL, "no route", "bad, \"checksum\"" };
	struct event event = { .kind = EVENT_PACKET };
	struct event_packet *journey = &event.journey;

	draw_packet(drawn);
	journey->packet = &drawn->packet;
	for (size_t i = draw(drawn, HOOK_COUNT * 2 + 1); i > 0; i--)
		journey->hooks[journey->n_hooks++] = (enum hook)draw(drawn, HOOK_COUNT);
	journey->in = names[draw(drawn, 4)];
	journey->out = names[draw(drawn, 4)];
	journey->ctstate = (enum ctstate)draw(drawn, CTSTATE_COUNT);
	journey->direction = (enum direction)draw(drawn, 2);
	journey->verdict = (enum verdict)draw(drawn, VERDICT_COUNT);
	journey->decided_by = draw_rule(drawn);
	journey->reason = reasons[draw(drawn, 3)];
	if (draw(drawn, 5) == 0)
		journey->invalid = (struct complaint){ .words = "number %u", .numbers = { draw(drawn, 9) } };
	journey->matched = drawn->matched;
	for (size_t i = draw(drawn, MOST_MATCHED + 1); i > 0; i--)
		drawn->matched[journey->n_matched++] = &drawn->rules[draw(drawn, 5)];
	journey->unsimulated = draw(drawn, 5) ? NULL : draw_rule(drawn);
	journey->mark = draw(drawn, 3) * 4000000;
	if (draw(drawn, 2))
		draw_entry(drawn, journey);
	journey->was_rewritten = draw(drawn, 4) == 0;
	journey->sent = journey->entry.tuple[0];
	return event;
}

static const char *const formats[] = { "json", "csv" };

START_TEST(a_line_is_the_same_whatever_came_before)
{
	struct sample_sink together = { .options = { 0 } };
	struct drawn *drawn = calloc(1, sizeof(*drawn));
	size_t header_len, start;

	random_init(&drawn->random, 7);
	make_rules(drawn);
	sample_sink_open(&together, formats[_i]);
	start = header_len = together.output.buffer.len;
	for (uint64_t i = 1; i <= N_PACKETS; i++) {
		struct sample_sink alone = { .options = { 0 } };
		struct event event = draw_event(drawn);
		struct vtime time = { (int64_t)(random_u64(&drawn->random) >> 12) };

		sample_sink_open(&alone, formats[_i]);
		sample_sink_say(&alone, i, time, event);
		sample_sink_say(&together, i, time, event);
		sample_compare(together.output.buffer.bytes + start, sample_sink_close(&alone) + header_len);
		start = together.output.buffer.len;
		sample_sink_clear(&alone);
	}
	sample_sink_close(&together);
	sample_sink_clear(&together);
	free(drawn);
}
END_TEST

/* Beside rows that are made of cells first, as for a terminal that is wide enough for any. */
START_TEST(a_row_is_the_same_written_straight_into_the_output)
{
	struct sample_sink straight = { .options = { 0 } }, of_cells = { .options = { .columns = 1 << 20 } };
	struct drawn *drawn = calloc(1, sizeof(*drawn));

	random_init(&drawn->random, 9);
	make_rules(drawn);
	sample_sink_open(&straight, "text");
	sample_sink_open(&of_cells, "text");
	for (uint64_t i = 1; i <= N_PACKETS; i++) {
		uint64_t number = i << draw(drawn, 30);
		struct vtime time = { (int64_t)(random_u64(&drawn->random) >> (1 + draw(drawn, 62))) };
		struct event event = draw_event(drawn);

		sample_sink_say(&straight, number, time, event);
		sample_sink_say(&of_cells, number, time, event);
	}
	sample_compare(sample_sink_close(&straight), sample_sink_close(&of_cells));
	sample_sink_clear(&straight);
	sample_sink_clear(&of_cells);
	free(drawn);
}
END_TEST

/* An entry between the packet's ends, either way round, now and then with another port or address. */
static struct entry_view draw_entry_of_packet(struct drawn *drawn)
{
	const struct packet *packet = &drawn->packet;
	struct entry_view entry = { .id = 1 + draw(drawn, 9), .hz = 250 };

	for (int direction = 0; direction < 2; direction++) {
		bool is_forward = draw(drawn, 2);

		entry.tuple[direction] = (struct tuple){
			.family = draw(drawn, 9) ? packet->family : FAMILY_IPV4, .protocol = packet->protocol,
			.source = is_forward ? packet->source : packet->destination,
			.destination = is_forward ? packet->destination : packet->source,
			.source_port = is_forward ? packet->source_port : packet->destination_port,
			.destination_port = is_forward ? packet->destination_port : packet->source_port,
		};
		if (draw(drawn, 5) == 0)
			entry.tuple[direction].source_port ^= 1;
		if (draw(drawn, 5) == 0)
			entry.tuple[direction].destination.word[draw(drawn, 4)] ^= 1;
	}
	return entry;
}

START_TEST(ends_of_the_packet_are_printed_as_any_others)
{
	struct drawn *drawn = calloc(1, sizeof(*drawn));
	struct json_kept *kept = calloc(1, sizeof(*kept));
	struct text with = { 0 }, without = { 0 };
	struct json_writer writer;

	random_init(&drawn->random, 8);
	for (unsigned i = 0; i < N_PACKETS; i++) {
		struct entry_view entry;

		draw_packet(drawn);
		drawn->packet.source_port = (uint16_t)draw(drawn, 65536);
		entry = draw_entry_of_packet(drawn);
		text_reset(&with);
		text_reset(&without);
		json_writer_init_piece(&writer, &with);
		json_parts_add_own_summary(&writer, &drawn->packet, kept);
		json_parts_add_entry(&writer, "entry", &entry, (struct vtime){ 0 }, kept);
		json_writer_init_piece(&writer, &without);
		json_parts_add_summary(&writer, &drawn->packet);
		json_parts_add_entry(&writer, "entry", &entry, (struct vtime){ 0 }, NULL);
		ck_assert_str_eq(text_string(&with), text_string(&without));
	}
	pieces_clear(&kept->states);
	text_clear(&with);
	text_clear(&without);
	free(kept);
	free(drawn);
}
END_TEST

static void count_print(const void *what, struct piece *piece)
{
	++*(unsigned *)(uintptr_t)what;
	text_append(&piece->printed, "printed");
}

/* Wherever two keys stand, neither pushes the other one out when they come by turns. */
START_TEST(two_keys_by_turns_are_printed_once_each)
{
	enum { N_KEYS = 600, N_TURNS = 3 };
	struct pieces *pieces = alloc_zeroed(1, sizeof(*pieces));

	for (uint64_t first = 1; first <= N_KEYS; first += 60) {
		for (uint64_t second = 1; second <= N_KEYS; second++) {
			struct piece_key keys[2] = { { &first, 1 }, { &second, 1 } };
			unsigned n_printed = 0;

			pieces_clear(pieces);
			for (int i = 0; i < 2 * N_TURNS; i++)
				pieces_print(pieces, &keys[i % 2], count_print, &n_printed);
			ck_assert_uint_eq(n_printed, first == second ? 1 : 2);
		}
	}
	pieces_clear(pieces);
	free(pieces);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_test(tests, two_keys_by_turns_are_printed_once_each);
	tcase_add_test(tests, a_row_is_the_same_written_straight_into_the_output);
	tcase_add_test(tests, ends_of_the_packet_are_printed_as_any_others);
	tcase_add_loop_test(tests, a_line_is_the_same_whatever_came_before, 0, sizeof(formats) / sizeof(formats[0]));
}

int main(void)
{
	return sample_run("sink/pieces", add_tests);
}
