/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is read from a parcel is what was put in, to the last field and byte: packets drawn at random, from those like most to such that
 * have everything that a packet can have, among events of other kinds.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "replay/parcel.h"

enum { N_EVENTS = 3000, FRAME_LEN = 90, IP_OFFSET = 14, MOST_MATCHED = 5 };

static const struct rule_place places[MOST_MATCHED];
static const struct rule_place *const matched[MOST_MATCHED] = { &places[2], &places[0], &places[1], &places[4], &places[3] };
static const uint64_t fragments[] = { 3, 1, 2 };
static const uint32_t lens[] = { 1500, 20 };
static const struct split split = { .lens = lens, .n_lens = 2 };

/* One event, and all that it borrows. */
struct drawn {
	struct event event;
	bool is_shown;
	uint8_t frame[FRAME_LEN];
	struct packet packet, left;
};

static bool chance(struct random *random, unsigned of)
{
	return random_u64(random) % of == 0;
}

static void draw_packet(struct random *random, struct drawn *drawn)
{
	struct packet *packet = &drawn->packet;

	packet_init(packet);
	for (int i = 0; i < FRAME_LEN; i++)
		drawn->frame[i] = (uint8_t)random_u64(random);
	packet->number = random_u64(random);
	packet->frame = drawn->frame;
	packet->captured_len = FRAME_LEN;
	packet->bytes = drawn->frame + IP_OFFSET;
	packet->len = FRAME_LEN - IP_OFFSET;
	packet->source.word[0] = (uint32_t)random_u64(random);
	packet->protocol = chance(random, 4) ? PROTOCOL_GRE : PROTOCOL_UDP;
	packet->family = chance(random, 9) ? FAMILY_NONE : FAMILY_IPV4;
	packet->has_l4 = !chance(random, 5);
	packet->icmp_sequence = (uint16_t)random_u64(random);
	drawn->left = *packet;
	drawn->left.ttl = 9;
}

/* Each byte that is seldom anything but zero is something else now and then. */
static void draw_journey(struct random *random, struct drawn *drawn)
{
	struct event_packet *journey = &drawn->event.journey;
	uint8_t *bytes = (uint8_t *)&drawn->event;

	drawn->event.kind = EVENT_PACKET;
	for (size_t i = offsetof(struct event, journey); i < offsetof(struct event, journey.entry.labels); i++)
		bytes[i] = (uint8_t)(random_u64(random) % 2);
	journey->is_usual = chance(random, 4);
	if (!journey->is_usual && chance(random, 2))
		bytes[offsetof(struct event, journey.entry.labels) +
		      random_u64(random) % (offsetof(struct event, journey.as_left) - offsetof(struct event, journey.entry.labels))] = 1;
	journey->packet = &drawn->packet;
	journey->matched = matched;
	journey->n_matched = random_u64(random) % (MOST_MATCHED + 1);
	journey->n_fragments = !journey->is_usual && chance(random, 5) ? 3 : 0;
	journey->fragments = journey->n_fragments ? fragments : NULL;
	journey->difference = !journey->is_usual && chance(random, 5) ? "the source differs" : NULL;
	journey->as_left = chance(random, 2) ? &drawn->left : NULL;
	journey->split = journey->as_left ? &split : NULL;
}

static void draw(struct random *random, struct drawn *drawn)
{
	memset(drawn, 0, sizeof(*drawn));
	draw_packet(random, drawn);
	drawn->is_shown = chance(random, 2);
	if (chance(random, 10)) {
		drawn->event.kind = EVENT_WARNING;
		drawn->event.warning.text = "a warning";
	} else if (chance(random, 10)) {
		drawn->event.kind = EVENT_LOG;
		drawn->event.log.packet = &drawn->packet;
	} else {
		draw_journey(random, drawn);
	}
	drawn->event.packet = random_u64(random);
	drawn->event.time.ns = (int64_t)random_u64(random);
}

static bool is_ordinary(const struct packet *packet)
{
	return packet->family != FAMILY_NONE && packet->protocol == PROTOCOL_UDP && packet->has_l4;
}

static void compare_packets(const struct packet *read, const struct packet *put, bool has_frame)
{
	struct packet expected = *put;

	ck_assert_int_eq(read == NULL, put == NULL);
	if (!has_frame && !read->frame)
		ck_assert(is_ordinary(read));
	else
		ck_assert(memcmp(read->frame, put->frame, put->captured_len) == 0 && read->bytes == read->frame + IP_OFFSET &&
			  read->frame != put->frame);
	expected.frame = read->frame;
	expected.bytes = read->bytes;
	ck_assert_mem_eq(read, &expected, sizeof(expected));
}

static void compare_journeys(const struct event_packet *read, const struct event_packet *put, const struct parcel_wants *wants)
{
	struct event_packet expected = *put;

	compare_packets(read->packet, put->packet, wants->frames);
	if (put->n_matched)
		ck_assert_mem_eq(read->matched, put->matched, put->n_matched * sizeof(*put->matched));
	if (put->n_fragments)
		ck_assert_mem_eq(read->fragments, put->fragments, put->n_fragments * sizeof(*put->fragments));
	if (put->difference)
		ck_assert_str_eq(read->difference, put->difference);
	if (wants->left && put->as_left) {
		compare_packets(read->as_left, put->as_left, true);
		ck_assert_mem_eq(read->split->lens, lens, sizeof(lens));
	} else {
		ck_assert_ptr_null(read->as_left);
		ck_assert_ptr_null(read->split);
	}
	expected.packet = read->packet;
	expected.matched = read->matched;
	expected.fragments = read->fragments;
	expected.difference = read->difference;
	expected.as_left = read->as_left;
	expected.split = read->split;
	ck_assert_mem_eq(read, &expected, sizeof(expected));
}

static void compare(const struct event *read, const struct event *put, const struct parcel_wants *wants)
{
	ck_assert_int_eq(read->kind, put->kind);
	ck_assert_uint_eq(read->packet, put->packet);
	ck_assert_int_eq(read->time.ns, put->time.ns);
	if (put->kind == EVENT_WARNING)
		ck_assert_str_eq(read->warning.text, put->warning.text);
	else if (put->kind == EVENT_LOG)
		compare_packets(read->log.packet, put->log.packet, true);
	else
		compare_journeys(&read->journey, &put->journey, wants);
}

START_TEST(what_is_read_is_what_was_put)
{
	const struct parcel_wants wants = { .left = _i & 1, .frames = _i & 2 };
	struct drawn *drawn = malloc(N_EVENTS * sizeof(*drawn));
	struct parcel parcel;
	struct random random;
	size_t n_put = 0, n_read = 0;

	ck_assert_ptr_nonnull(drawn);
	random_init(&random, 11);
	parcel_init(&parcel);
	for (int turn = 0; turn < 3; turn++) {
		struct parcel_reader reader = { .place = 0 };
		const struct event *event;
		bool is_shown;

		n_put = n_read = 0;
		for (draw(&random, &drawn[0]); n_put < N_EVENTS && parcel_put(&parcel, &drawn[n_put].event, drawn[n_put].is_shown, &wants);)
			if (++n_put < N_EVENTS)
				draw(&random, &drawn[n_put]);
		for (; (event = parcel_next(&parcel, &reader, &is_shown)); n_read++) {
			compare(event, &drawn[n_read].event, &wants);
			ck_assert_int_eq(is_shown, drawn[n_read].is_shown);
		}
		ck_assert_uint_eq(n_read, n_put);
		ck_assert_uint_gt(n_read, 100);
		parcel_empty(&parcel);
	}
	parcel_clear(&parcel);
	free(drawn);
}
END_TEST

START_TEST(an_empty_parcel_has_room_for_any_event)
{
	enum { LEN = 5000000 };
	char *text = malloc(LEN + 1);
	struct event event = { .kind = EVENT_WARNING };
	const struct parcel_wants wants = { .left = false };
	struct parcel_reader reader = { .place = 0 };
	const struct event *read;
	struct parcel parcel;
	bool is_shown;

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', LEN);
	text[LEN] = '\0';
	event.warning.text = text;
	parcel_init(&parcel);
	ck_assert(parcel_put(&parcel, &event, true, &wants));
	ck_assert(!parcel_put(&parcel, &event, true, &wants));
	read = parcel_next(&parcel, &reader, &is_shown);
	ck_assert_ptr_nonnull(read);
	ck_assert_str_eq(read->warning.text, text);
	ck_assert_ptr_null(parcel_next(&parcel, &reader, &is_shown));
	parcel_clear(&parcel);
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("replay/parcel");
	TCase *cases = tcase_create("parcel");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_loop_test(cases, what_is_read_is_what_was_put, 0, 4);
	tcase_add_test(cases, an_empty_parcel_has_room_for_any_event);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
