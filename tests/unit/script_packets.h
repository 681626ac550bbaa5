/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets for tests, written as a packet script. */
#ifndef TESTS_SCRIPT_PACKETS_H
#define TESTS_SCRIPT_PACKETS_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/script.h"
#include "packet/decode.h"

struct script_packets {
	struct source source;
	struct diagnostics diagnostics;
	struct script script;
};

static inline void script_packets_load(struct script_packets *packets, const char *text)
{
	struct text errors;

	source_init(&packets->source, "test", text, strlen(text));
	diag_init(&packets->diagnostics);
	text_init(&errors);
	if (!script_parse(&packets->script, &packets->source, NULL, &packets->diagnostics)) {
		diag_print(&packets->diagnostics, &errors);
		ck_abort_msg("%s", text_string(&errors));
	}
	text_clear(&errors);
}

static inline void script_packets_clear(struct script_packets *packets)
{
	script_clear(&packets->script);
	diag_clear(&packets->diagnostics);
	source_clear(&packets->source);
}

/* Packet `number` (from 1 on), decoded. The packet was initialised. */
static inline void script_packets_decode(const struct script_packets *packets, size_t number, struct packet *packet)
{
	const struct script_packet *from = &packets->script.packets[number - 1];

	ck_assert_uint_le(number, packets->script.n_packets);
	memset(&packet->link, 0, sizeof(packet->link));
	packet->number = number;
	packet->time.ns = from->time_ns;
	packet->frame = from->frame;
	packet->captured_len = from->captured_len;
	packet->original_len = from->original_len;
	decode_frame(packet, packets->script.link_type);
}

/* Runs one test case; the exit code of the test program. */
static inline int script_packets_run(const char *name, TCase *tcase)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	int n_failed;

	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define N_ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

#endif
