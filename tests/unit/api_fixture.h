/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replays for tests of libctreplay: of a host that packets are pushed to, and of a capture. */
#ifndef TESTS_UNIT_API_FIXTURE_H
#define TESTS_UNIT_API_FIXTURE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/ctreplay.h"

static const char rules[] = "*filter\n:INPUT DROP\n:OUTPUT ACCEPT\n-A INPUT -m state --state ESTABLISHED -j ACCEPT\nCOMMIT\n";
static const int64_t second = 1000000000, begin = INT64_C(1700000000) * 1000000000;

/* UDP from 10.0.0.1:1000 to 10.0.0.2:53, or its answer, without checksums of layer 4. */
static const uint8_t question[] = {
	0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0x66, 0xce, 10, 0, 0, 1, 10, 0, 0, 2, 0x03, 0xe8, 0, 53, 0, 8, 0, 0,
};
static const uint8_t answer[] = {
	0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0x66, 0xce, 10, 0, 0, 2, 10, 0, 0, 1, 0, 53, 0x03, 0xe8, 0, 8, 0, 0,
};

static inline struct ctreplay *open_host(void)
{
	struct ctreplay *replay = ctreplay_create();

	ck_assert(ctreplay_set(replay, "local", "10.0.0.1/24@eth0"));
	ck_assert(ctreplay_set_text(replay, "rules", "inline", rules, strlen(rules)));
	return replay;
}

static inline enum ctreplay_result push(struct ctreplay *replay, const uint8_t *bytes, int64_t unix_ns)
{
	struct ctreplay_frame frame = { .size = sizeof(frame), .bytes = bytes, .len = sizeof(question), .unix_ns = unix_ns };

	return ctreplay_push(replay, &frame);
}

/* captures/dns-timeout.pcap: of nine packets the 3rd, the 4th and the last are dropped, answers to nobody. */
static inline struct ctreplay *read_capture(void)
{
	const char *source = getenv("srcdir") ? getenv("srcdir") : ".";
	struct ctreplay *replay = ctreplay_create();
	char path[4096];

	snprintf(path, sizeof(path), "%s/captures/dns-timeout.pcap", source);
	ck_assert(ctreplay_set(replay, "read", path));
	return replay;
}

static inline struct ctreplay *open_capture(void)
{
	struct ctreplay *replay = read_capture();

	ck_assert(ctreplay_set_text(replay, "rules", "inline", rules, strlen(rules)));
	return replay;
}

#endif
