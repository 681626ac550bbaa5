/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/test_jobs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/interrupt.h"

enum { MOST_JOBS = 256, READ_LEN = 65536 };

/* A process that runs every n-th case, and writes its results to a pipe. */
struct worker {
	pid_t process;
	int pipe;			/* -1: closed */
	struct text pending;		/* of a line that is not whole yet */
};

static bool failed(const struct test_jobs *jobs, size_t index)
{
	return jobs->results->cases[index].status != CASE_PASSED;
}

/* A ctreplay_go_on. */
static bool go_on(void *owner, uint64_t n_packets)
{
	struct progress *progress = owner;

	progress->n_packets = n_packets;
	progress_show(progress);
	return !interrupt_came();
}

/* False: it was interrupted, and nothing is known of it. */
static bool run_case(struct test_jobs *jobs, size_t index)
{
	const struct test_item *item = &jobs->plan->items[index];
	enum ctreplay_case_status status;
	const char *words;

	if (interrupt_came())
		return false;
	ctreplay_suite_watch(item->suite, go_on, &jobs->progress);
	status = ctreplay_suite_run(item->suite, item->index, jobs->recording, &words);
	progress_clear(&jobs->progress);
	if (interrupt_came())
		return false;
	results_set(jobs->results, index, (enum case_status)status, item->path, item->suite_case->line, item->suite_case->name, words);
	return true;
}

static void run_here(struct test_jobs *jobs)
{
	for (size_t i = 0; i < jobs->plan->n_items; i++) {
		if (!results_is_ours(jobs->results, i))
			continue;
		if (!run_case(jobs, i))
			return;
		jobs->tell(jobs->owner, i);
		if (jobs->stops_at_failure && failed(jobs, i))
			return;
	}
}

static bool write_all(int file, const struct text *text)
{
	for (size_t n = 0; n < text->len;) {
		ssize_t written = write(file, text->bytes + n, text->len - n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		n += (size_t)written;
	}
	return true;
}

/* In the worker: its share of our cases. */
static void work(struct test_jobs *jobs, unsigned number, int file)
{
	size_t n_ours = 0;
	struct text line;

	jobs->progress.is_wanted = false;
	text_init(&line);
	for (size_t i = 0; i < jobs->plan->n_items; i++) {
		if (!results_is_ours(jobs->results, i) || n_ours++ % jobs->n_jobs != number)
			continue;
		if (!run_case(jobs, i))
			break;
		text_reset(&line);
		results_print_case(jobs->results, i, &line);
		if (!write_all(file, &line) || (jobs->stops_at_failure && failed(jobs, i)))
			break;
	}
	text_clear(&line);
}

static bool start_worker(struct test_jobs *jobs, unsigned number, struct worker *workers)
{
	struct worker *worker = &workers[number];
	int ends[2];

	if (pipe(ends) < 0)
		return false;
	worker->process = fork();
	if (worker->process == 0) {
		for (unsigned i = 0; i < number; i++)
			close(workers[i].pipe);
		close(ends[0]);
		work(jobs, number, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	worker->pipe = ends[0];
	text_init(&worker->pending);
	if (worker->process > 0)
		return true;
	close(ends[0]);
	worker->pipe = -1;
	return false;
}

static void take_lines(struct test_jobs *jobs, struct worker *worker)
{
	char *at = worker->pending.bytes, *newline;
	struct text rest;

	while (at && (newline = strchr(at, '\n')) != NULL) {
		*newline = '\0';
		results_read_line(jobs->results, at);
		at = newline + 1;
	}
	text_init(&rest);
	if (at)
		text_append(&rest, at);
	text_clear(&worker->pending);
	worker->pending = rest;
}

/* False at the end. */
static bool read_some(struct test_jobs *jobs, struct worker *worker)
{
	char *bytes = alloc_zeroed(READ_LEN, 1);
	ssize_t n = read(worker->pipe, bytes, READ_LEN);

	if (n > 0) {
		text_append_bytes(&worker->pending, bytes, (size_t)n);
		take_lines(jobs, worker);
	}
	free(bytes);
	return n > 0 || (n < 0 && errno == EINTR);
}

/* Why a worker's cases are missing. */
static void say_end(const struct test_jobs *jobs, unsigned number, int status)
{
	struct text words;
	size_t n_ours = 0;

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	text_init(&words);
	if (WIFSIGNALED(status))
		text_printf(&words, "the process that ran it was ended by signal %d", WTERMSIG(status));
	else
		text_printf(&words, "the process that ran it ended with status %d", WEXITSTATUS(status));
	for (size_t i = 0; i < jobs->plan->n_items; i++) {
		const struct test_item *item = &jobs->plan->items[i];

		if (!results_is_ours(jobs->results, i) || n_ours++ % jobs->n_jobs != number ||
		    jobs->results->cases[i].status != CASE_MISSING)
			continue;
		results_set(jobs->results, i, CASE_BROKEN, item->path, item->suite_case->line, item->suite_case->name,
			    text_string(&words));
		break;	/* the one that it was at; those behind it were not run */
	}
	text_clear(&words);
}

/* Tells what is known without a gap before it. */
static size_t tell_known(const struct test_jobs *jobs, size_t next, bool is_over)
{
	for (; next < jobs->plan->n_items; next++) {
		if (!results_is_ours(jobs->results, next))
			continue;
		if (jobs->results->cases[next].status == CASE_MISSING && !is_over)
			break;
		if (jobs->results->cases[next].status != CASE_MISSING)
			jobs->tell(jobs->owner, next);
	}
	return next;
}

static bool has_failure(const struct test_jobs *jobs)
{
	size_t counts[CASE_STATUSES];

	results_count(jobs->results, counts);
	return counts[CASE_FAILED] + counts[CASE_BROKEN] > 0;
}

/* Until every worker has closed its pipe; the first failure ends all when that is wanted. */
static size_t listen_to(struct test_jobs *jobs, struct worker *workers, unsigned n_workers)
{
	struct pollfd polled[MOST_JOBS];
	unsigned n_open = n_workers;
	size_t next = 0;

	while (n_open > 0) {
		for (unsigned i = 0; i < n_workers; i++)
			polled[i] = (struct pollfd){ .fd = workers[i].pipe, .events = POLLIN };
		if (poll(polled, n_workers, -1) < 0 && errno != EINTR)
			break;
		for (unsigned i = 0; i < n_workers; i++) {
			if (workers[i].pipe < 0 || !(polled[i].revents & (POLLIN | POLLHUP | POLLERR)) || read_some(jobs, &workers[i]))
				continue;
			close(workers[i].pipe);
			workers[i].pipe = -1;
			n_open--;
		}
		next = tell_known(jobs, next, false);
		for (unsigned i = 0; ((jobs->stops_at_failure && has_failure(jobs)) || interrupt_came()) && i < n_workers; i++)
			kill(workers[i].process, SIGTERM);
	}
	return next;
}

static bool run_aside(struct test_jobs *jobs)
{
	struct worker workers[MOST_JOBS];
	unsigned n_workers = 0;
	bool is_ok = true;
	size_t next;

	for (; n_workers < jobs->n_jobs && is_ok; n_workers += is_ok)
		is_ok = start_worker(jobs, n_workers, workers);
	next = listen_to(jobs, workers, n_workers);
	for (unsigned i = 0; i < n_workers; i++) {
		int status = 0;

		if (waitpid(workers[i].process, &status, 0) == workers[i].process && !(jobs->stops_at_failure && has_failure(jobs)) &&
		    !interrupt_came())
			say_end(jobs, i, status);
		text_clear(&workers[i].pending);
	}
	tell_known(jobs, next, true);
	return is_ok;
}

bool test_jobs_run(struct test_jobs *jobs)
{
	progress_init(&jobs->progress);
	if (jobs->n_jobs > MOST_JOBS)
		jobs->n_jobs = MOST_JOBS;
	if (jobs->n_jobs > 1)
		return run_aside(jobs);
	run_here(jobs);
	return true;
}
