/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/checkpoints.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of the packets between two checkpoints; what is kept of one packet is some 400 bytes. */
enum { STRETCH_PART = 4, STRETCH_LONGEST = 32768 };

/* What a checkpoint is asked for: the packets from `begin` to before `end`. */
struct wish { size_t begin, end; };

void checkpoints_init(struct checkpoints *checkpoints, struct play *play, const struct rule_list *rules, size_t interval)
{
	memset(checkpoints, 0, sizeof(*checkpoints));
	checkpoints->play = play;
	checkpoints->rules = rules;
	checkpoints->interval = interval;
	stretch_init(&checkpoints->stretch, rules);
}

/* It ends when its line does. */
static void let_go(struct checkpoint *checkpoint)
{
	close(checkpoint->line);
	while (waitpid(checkpoint->process, NULL, 0) < 0 && errno == EINTR)
		;
}

void checkpoints_clear(struct checkpoints *checkpoints)
{
	for (size_t i = 0; i < checkpoints->n_checkpoints; i++)
		let_go(&checkpoints->checkpoint[i]);
	for (size_t i = 0; i < checkpoints->n_kept; i++)
		stretch_clear(&checkpoints->kept[i].stretch);
	stretch_clear(&checkpoints->stretch);
	memset(checkpoints, 0, sizeof(*checkpoints));
}

enum { LONGEST_WORDS = 512 };

/* What the replay tells of the packet that was replayed, if it tells of it: one that is left out is not told. */
static void take(struct checkpoints *checkpoints)
{
	const struct ctreplay *replay = checkpoints->play->replay;
	const struct ctreplay_packet *packet = ctreplay_packet(replay);
	char words[LONGEST_WORDS] = "";
	const struct ctreplay_event *events;
	size_t n;

	events = ctreplay_events(replay, &n);
	stretch_add_events(&checkpoints->stretch, events, n);
	if (!packet || packet->number == checkpoints->last)
		return;
	checkpoints->last = packet->number;
	if (checkpoints->stretch.is_begun)
		ctreplay_describe_briefly(replay, words, sizeof(words));
	stretch_add_packet(&checkpoints->stretch, packet, words);
}

/* Replays until so many packets have been told. False: there are no more. */
static bool replay_until(struct checkpoints *checkpoints, size_t n)
{
	const struct stretch *stretch = &checkpoints->stretch;

	while (stretch->first + stretch->n_packets < n) {
		if (!play_step(checkpoints->play))
			return false;
		take(checkpoints);
	}
	return true;
}

/* The copy that was asked tells the stretch, hands it over, and ends without a trace of its own. */
static _Noreturn void tell(struct checkpoints *checkpoints, int line, const struct wish *wish)
{
	FILE *stream = fdopen(line, "wb");

	if (!stream || !ctreplay_after_fork(checkpoints->play->replay))
		_exit(EXIT_SYSTEM);
	replay_until(checkpoints, wish->begin);
	stretch_begin(&checkpoints->stretch);
	replay_until(checkpoints, wish->end);
	_exit(stretch_write(&checkpoints->stretch, stream) ? EXIT_DONE : EXIT_SYSTEM);
}

/* A checkpoint's life. */
static _Noreturn void wait_for_requests(struct checkpoints *checkpoints, int line)
{
	struct wish wish;

	/* The lines of others would not end with their owner as long as they are open here. */
	for (size_t i = 0; i < checkpoints->n_checkpoints; i++)
		close(checkpoints->checkpoint[i].line);
	while (recv(line, &wish, sizeof(wish), MSG_WAITALL) == (ssize_t)sizeof(wish)) {
		pid_t copy = fork();
		int status = -1;

		if (copy == 0)
			tell(checkpoints, line, &wish);
		while (copy > 0 && waitpid(copy, &status, 0) < 0 && errno == EINTR)
			;
		/* Who waits for a stretch that does not come whole sees the line end. */
		if (copy < 0 || status != 0)
			break;
	}
	_exit(EXIT_DONE);
}

/* Twice as far apart. */
static void thin_out(struct checkpoints *checkpoints)
{
	size_t n = 0;

	for (size_t i = 0; i < checkpoints->n_checkpoints; i++) {
		if (i % 2)
			let_go(&checkpoints->checkpoint[i]);
		else
			checkpoints->checkpoint[n++] = checkpoints->checkpoint[i];
	}
	checkpoints->n_checkpoints = n;
	checkpoints->interval *= 2;
}

/* Where the system gives no more processes, the stretch before is a longer one. */
static void leave_checkpoint(struct checkpoints *checkpoints)
{
	struct checkpoint made = { .index = checkpoints->stretch.first };
	int line[2];

	stretch_forget_past(&checkpoints->stretch);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, line) < 0)
		return;
	for (int i = 0; i < 2; i++)
		(void)fcntl(line[i], F_SETFD, FD_CLOEXEC);
	ctreplay_before_fork(checkpoints->play->replay);
	made.process = fork();
	made.line = line[0];
	if (made.process == 0) {
		close(line[0]);
		wait_for_requests(checkpoints, line[1]);
	}
	close(line[1]);
	if (made.process < 0)
		close(line[0]);
	else
		checkpoints->checkpoint[checkpoints->n_checkpoints++] = made;
}

enum exit_code checkpoints_play(struct checkpoints *checkpoints)
{
	const struct stretch *stretch = &checkpoints->stretch;
	enum exit_code code;

	fflush(NULL);
	do {
		if (checkpoints->n_checkpoints == CHECKPOINTS_MOST)
			thin_out(checkpoints);
		if (stretch->first % checkpoints->interval == 0)
			leave_checkpoint(checkpoints);
	} while (replay_until(checkpoints, (stretch->first / checkpoints->interval + 1) * checkpoints->interval));
	code = play_finish(checkpoints->play);
	checkpoints->n_packets = stretch->first;
	stretch_forget_past(&checkpoints->stretch);
	if (code == EXIT_DONE && checkpoints->n_packets && !checkpoints->n_checkpoints) {
		cli_complain("the process cannot be copied: %s", strerror(errno));
		code = EXIT_SYSTEM;
	}
	return code;
}

/* Which checkpoint the packet is behind: their indices grow, the first is 0. */
static size_t find_checkpoint(const struct checkpoints *checkpoints, size_t index)
{
	size_t low = 0, high = checkpoints->n_checkpoints;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (checkpoints->checkpoint[middle].index <= index)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static struct wish stretch_around(const struct checkpoints *checkpoints, size_t index, const struct checkpoint *nearest)
{
	size_t len = checkpoints->interval / STRETCH_PART < STRETCH_LONGEST ? checkpoints->interval / STRETCH_PART : STRETCH_LONGEST;
	struct wish wish = { .begin = nearest->index + (index - nearest->index) / len * len };

	wish.end = wish.begin + len < checkpoints->n_packets ? wish.begin + len : checkpoints->n_packets;
	if (nearest + 1 < checkpoints->checkpoint + checkpoints->n_checkpoints && wish.end > nearest[1].index)
		wish.end = nearest[1].index;
	return wish;
}

/* The place of a stretch that nobody has asked for for the longest time. */
static size_t make_room(struct checkpoints *checkpoints)
{
	size_t oldest = 0;

	if (checkpoints->n_kept < CHECKPOINTS_KEPT)
		return checkpoints->n_kept++;
	for (size_t i = 1; i < checkpoints->n_kept; i++)
		if (checkpoints->kept[i].last_use < checkpoints->kept[oldest].last_use)
			oldest = i;
	stretch_clear(&checkpoints->kept[oldest].stretch);
	return oldest;
}

static bool receive(const struct checkpoint *checkpoint, const struct wish *wish, struct stretch *stretch)
{
	int line = dup(checkpoint->line);
	FILE *stream = line < 0 ? NULL : fdopen(line, "rb");
	bool is_ok = stream && write(checkpoint->line, wish, sizeof(*wish)) == (ssize_t)sizeof(*wish) &&
		     stretch_read(stretch, stream);

	if (stream)
		fclose(stream);
	else if (line >= 0)
		close(line);
	return is_ok;
}

const struct stretch *checkpoints_find(void *owner, size_t index)
{
	struct checkpoints *checkpoints = owner;
	const struct checkpoint *nearest;
	struct wish wish;
	size_t place;

	checkpoints->n_uses++;
	for (size_t i = 0; i < checkpoints->n_kept; i++) {
		if (index >= checkpoints->kept[i].stretch.first && index < checkpoints->kept[i].end) {
			checkpoints->kept[i].last_use = checkpoints->n_uses;
			return &checkpoints->kept[i].stretch;
		}
	}
	nearest = &checkpoints->checkpoint[find_checkpoint(checkpoints, index)];
	wish = stretch_around(checkpoints, index, nearest);
	place = make_room(checkpoints);
	checkpoints->kept[place].end = wish.end;
	checkpoints->kept[place].last_use = checkpoints->n_uses;
	stretch_init(&checkpoints->kept[place].stretch, checkpoints->rules);
	if (receive(nearest, &wish, &checkpoints->kept[place].stretch))
		return &checkpoints->kept[place].stretch;
	checkpoints->kept[place].end = 0;	/* holds no packet */
	return NULL;
}
