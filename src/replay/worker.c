/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/worker.h"

#include <sched.h>
#include <signal.h>

/*
 * The thread that replays has the most to do: this one, when it wakes, is not to push it off its processor. Where the system knows no
 * such thing, it is as it was.
 */
static void give_way(void)
{
#ifdef SCHED_BATCH
	pthread_setschedparam(pthread_self(), SCHED_BATCH, &(struct sched_param){ .sched_priority = 0 });
#endif
}

static void *run(void *owner)
{
	struct worker *worker = owner;

	give_way();
	worker_lock(worker);
	worker->is_running = true;
	worker_wake(worker);
	worker_unlock(worker);
	worker->work(worker->owner);
	return NULL;
}

static void clear(struct worker *worker)
{
	pthread_cond_destroy(&worker->changed);
	pthread_mutex_destroy(&worker->mutex);
}

bool worker_start(struct worker *worker, void (*work)(void *owner), void *owner)
{
	sigset_t all, old;
	bool is_started;

	worker->work = work;
	worker->owner = owner;
	worker->is_running = false;
	pthread_mutex_init(&worker->mutex, NULL);
	pthread_cond_init(&worker->changed, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	is_started = pthread_create(&worker->thread, NULL, run, worker) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!is_started) {
		clear(worker);
		return false;
	}
	worker_lock(worker);
	while (!worker->is_running)
		worker_wait(worker);
	worker_unlock(worker);
	return true;
}

void worker_join(struct worker *worker)
{
	pthread_join(worker->thread, NULL);
	clear(worker);
}
