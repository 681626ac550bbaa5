/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/picture_words.h"

#include <inttypes.h>
#include <string.h>

#include "sink/packet_words.h"
#include "sink/time_print.h"

enum { NS_PER_MS = 1000000, NS_PER_US = 1000, MINUTE = 60, HOUR = 3600, DAY = 86400 };

enum ink picture_ink_of_verdict(enum verdict verdict)
{
	static const enum ink inks[VERDICT_COUNT] = {
		[VERDICT_NONE] = INK_MUTED, [VERDICT_ACCEPT] = INK_GREEN, [VERDICT_DROP] = INK_VERMILION,
		[VERDICT_REJECT] = INK_VERMILION, [VERDICT_QUEUE] = INK_ORANGE, [VERDICT_HELD] = INK_ORANGE,
	};

	return inks[verdict];
}

enum ink picture_ink_of_ctstate(enum ctstate ctstate)
{
	static const enum ink inks[CTSTATE_COUNT] = {
		[CTSTATE_NONE] = INK_MUTED, [CTSTATE_INVALID] = INK_VERMILION, [CTSTATE_NEW] = INK_SKY,
		[CTSTATE_ESTABLISHED] = INK_BLUE, [CTSTATE_RELATED] = INK_PURPLE, [CTSTATE_UNTRACKED] = INK_MUTED,
	};

	return inks[ctstate];
}

/* Beginning, middle and end of a connection; the kernel's names of TCP and SCTP. */
static const struct {
	const char *state;
	enum ink ink;
	enum pattern pattern;
} states[] = {
	{ "SYN_SENT", INK_SKY, PATTERN_DOTS }, { "SYN_SENT2", INK_SKY, PATTERN_DOTS }, { "SYN_RECV", INK_SKY, PATTERN_SOLID },
	{ "COOKIE_WAIT", INK_SKY, PATTERN_DOTS }, { "COOKIE_ECHOED", INK_SKY, PATTERN_SOLID },
	{ "ESTABLISHED", INK_GREEN, PATTERN_SOLID }, { "FIN_WAIT", INK_ORANGE, PATTERN_DOTS },
	{ "CLOSE_WAIT", INK_ORANGE, PATTERN_SOLID }, { "LAST_ACK", INK_ORANGE, PATTERN_HATCH },
	{ "SHUTDOWN_SENT", INK_ORANGE, PATTERN_DOTS }, { "SHUTDOWN_RECD", INK_ORANGE, PATTERN_SOLID },
	{ "SHUTDOWN_ACK_SENT", INK_ORANGE, PATTERN_HATCH }, { "TIME_WAIT", INK_PURPLE, PATTERN_HATCH },
	{ "CLOSE", INK_VERMILION, PATTERN_CROSS }, { "CLOSED", INK_VERMILION, PATTERN_CROSS },
	{ "HEARTBEAT_SENT", INK_SKY, PATTERN_HATCH },
};

struct look picture_look_of_state(const char *state, uint32_t status)
{
	struct look look = { .opacity = 30 };

	look.fill = look.line = status & STATUS_ASSURED ? INK_GREEN : status & STATUS_SEEN_REPLY ? INK_BLUE : INK_SKY;
	look.pattern = status & STATUS_SEEN_REPLY ? PATTERN_SOLID : PATTERN_DOTS;
	for (size_t i = 0; state && i < sizeof(states) / sizeof(states[0]); i++) {
		if (strcmp(states[i].state, state) == 0) {
			look.fill = look.line = states[i].ink;
			look.pattern = states[i].pattern;
		}
	}
	return look;
}

const char *picture_words_state(const char *state, uint32_t status)
{
	if (state)
		return state;
	return status & STATUS_ASSURED ? "assured" : status & STATUS_SEEN_REPLY ? "replied" : "unreplied";
}

void picture_words_print_duration(int64_t ns, struct text *out)
{
	int64_t seconds = ns / VTIME_NS_PER_SECOND;

	if (seconds >= 2 * (int64_t)DAY)
		text_printf(out, "%" PRId64 " d %" PRId64 " h", seconds / DAY, seconds % DAY / HOUR);
	else if (seconds >= 2 * HOUR)
		text_printf(out, "%" PRId64 " h %" PRId64 " min", seconds / HOUR, seconds % HOUR / MINUTE);
	else if (seconds >= 10 * MINUTE)
		text_printf(out, "%" PRId64 " min %" PRId64 " s", seconds / MINUTE, seconds % MINUTE);
	else if (seconds >= 1 && ns % VTIME_NS_PER_SECOND == 0)
		text_printf(out, "%" PRId64 " s", seconds);
	else if (seconds >= 1)
		text_printf(out, "%" PRId64 ".%02" PRId64 " s", seconds, ns % VTIME_NS_PER_SECOND / (10 * NS_PER_MS));
	else if (ns >= NS_PER_MS)
		text_printf(out, "%" PRId64 ".%" PRId64 " ms", ns / NS_PER_MS, ns % NS_PER_MS / (100 * NS_PER_US));
	else
		text_printf(out, "%" PRId64 " µs", ns / NS_PER_US);
}

void picture_words_print_time(struct vtime time, struct text *out)
{
	time_print(time, time.ns % NS_PER_MS ? 6 : 3, out);
}

void picture_words_print_entry(const struct tale_packet *packet, struct text *out)
{
	if (!packet->entry) {
		text_append(out, "no entry");
		return;
	}
	text_printf(out, "#%" PRIu64, packet->entry);
	if (packet->change == ENTRY_DESTROYED) {
		text_append(out, " ended");
		return;
	}
	if (packet->change == ENTRY_NEW)
		text_append(out, " new");
	if (packet->state && packet->state_before && packet->change == ENTRY_CHANGED &&
	    strcmp(packet->state_before, packet->state) != 0)
		text_printf(out, " %s →", packet->state_before);
	if (packet->state)
		text_printf(out, " %s", packet->state);
	else if (packet->change == ENTRY_CHANGED)
		text_printf(out, " %s", picture_words_state(NULL, packet->status));
	text_printf(out, " · %u s", vtime_seconds_left(packet->deadline, packet->time, packet->hz));
}

void picture_words_print_decision(const struct tale_packet *packet, struct text *out)
{
	if (packet->decided_by)
		packet_words_print_rule(packet->decided_by, out);
	else if (packet->reason)
		text_append(out, packet->reason);
	else
		text_append(out, packet->verdict == VERDICT_ACCEPT ? "no rule" : "");
}

void picture_words_print_place(const struct rule_place *place, struct text *out)
{
	struct text file;
	const char *slash;

	text_init(&file);
	packet_words_print_file(place, &file);
	slash = strrchr(text_string(&file), '/');
	text_append(out, slash ? slash + 1 : text_string(&file));
	text_clear(&file);
}

void picture_head(struct canvas *canvas, const struct tale *tale, const char *title)
{
	static const struct lettering large = { .ink = INK_TEXT, .size = 22, .is_bold = true };
	static const struct lettering small = { .ink = INK_MUTED, .size = 13 };
	struct text line;

	text_init(&line);
	text_printf(&line, "%s", tale->capture);
	if (tale->host[0])
		text_printf(&line, " · %s", tale->host);
	canvas_text_within(canvas, (struct point){ PICTURE_MARGIN, 42 }, PICTURE_WIDTH - 2 * PICTURE_MARGIN, &large, title);
	canvas_text_within(canvas, (struct point){ PICTURE_MARGIN, 64 }, PICTURE_WIDTH - 2 * PICTURE_MARGIN, &small,
			   text_string(&line));
	canvas_describe(canvas, title, text_string(&line));
	text_clear(&line);
}

void picture_nothing(struct canvas *canvas, const struct tale *tale, const char *title, const char *sentence)
{
	static const struct lettering middle = { .ink = INK_TEXT, .size = 16, .anchor = ANCHOR_MIDDLE };

	canvas->width = PICTURE_WIDTH;
	canvas->height = 240;
	picture_head(canvas, tale, title);
	canvas_text_within(canvas, (struct point){ PICTURE_WIDTH / 2, 150 }, PICTURE_WIDTH - 2 * PICTURE_MARGIN, &middle, sentence);
}
