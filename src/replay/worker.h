/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread beside the one that replays, and the lock under which the two meet. */
#ifndef REPLAY_WORKER_H
#define REPLAY_WORKER_H

#include <pthread.h>
#include <stdbool.h>

struct worker {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;		/* what the mutex guards */
	bool is_running;		/* guarded */
	void (*work)(void *owner);
	void *owner;
};

/*
 * Calls `work` in a thread, which runs when this returns: what a thread asks the system for at its start is over before the process is
 * confined. Signals are not for it: they end the wait of the thread that replays. False: the system gives no thread; nothing is to be joined.
 */
bool worker_start(struct worker *worker, void (*work)(void *owner), void *owner);

/* Waits until `work` returns. */
void worker_join(struct worker *worker);

static inline void worker_lock(struct worker *worker)
{
	pthread_mutex_lock(&worker->mutex);
}

static inline void worker_unlock(struct worker *worker)
{
	pthread_mutex_unlock(&worker->mutex);
}

/* Under the lock: until the other one wakes this one, or without a reason. */
static inline void worker_wait(struct worker *worker)
{
	pthread_cond_wait(&worker->changed, &worker->mutex);
}

/* Under the lock. */
static inline void worker_wake(struct worker *worker)
{
	pthread_cond_signal(&worker->changed);
}

#endif
