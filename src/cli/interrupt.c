/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

static const int watched[] = { SIGINT, SIGTERM };

enum { N_WATCHED = sizeof(watched) / sizeof(watched[0]) };

static volatile sig_atomic_t came;
static struct ctreplay *watched_replay;		/* set before the signals are watched; or NULL */

static void note(int number)
{
	came = number;
	if (watched_replay)
		ctreplay_interrupt(watched_replay);
}

bool interrupt_came(void)
{
	return came != 0;
}

void interrupt_watch(struct ctreplay *replay)
{
	/* Without SA_RESTART: a read that waits for a pipe ends, too. */
	struct sigaction action = { .sa_handler = note, .sa_flags = (int)SA_RESETHAND }, old;

	watched_replay = replay;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < N_WATCHED; i++)
		if (sigaction(watched[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(watched[i], &action, NULL);
}

void interrupt_end(void)
{
	for (size_t i = 0; i < N_WATCHED; i++) {
		struct sigaction old;

		if (sigaction(watched[i], NULL, &old) == 0 && old.sa_handler == note)
			signal(watched[i], SIG_DFL);
	}
}

void interrupt_obey(void)
{
	if (came)
		raise(came);
}
