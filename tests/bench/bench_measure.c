/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What commands cost: each is run RUNS times, by turns, so that a noisy moment meets them all. A line for each: the median of its CPU
 * seconds (user and system), the most memory that it had, in KiB, and the median of the seconds that passed. A command that fails ends it.
 *
 *     bench_measure RUNS COMMAND...      each COMMAND for sh -c; its output is thrown away
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_RUNS = 99 };

struct cost {
	double seconds[MOST_RUNS], passed[MOST_RUNS];
	long most_kib;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int run(const char *command, double *seconds, double *passed, long *kib)
{
	double start = now();
	struct rusage usage;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (!freopen("/dev/null", "r", stdin) || !freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(126);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 0;
	*seconds = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 + (double)usage.ru_stime.tv_sec +
		   (double)usage.ru_stime.tv_usec / 1e6;
	*passed = now() - start;
	*kib = usage.ru_maxrss;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int is_more(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int n_runs = argc > 2 ? atoi(argv[1]) : 0, n_commands = argc - 2;
	struct cost *costs;

	if (n_runs < 1 || n_runs > MOST_RUNS) {
		fprintf(stderr, "usage: bench_measure RUNS COMMAND...\n");
		return 2;
	}
	costs = calloc((size_t)n_commands, sizeof(*costs));
	for (int i = 0; costs && i < n_runs * n_commands; i++) {
		struct cost *cost = &costs[i % n_commands];
		long kib = 0;

		if (!run(argv[2 + i % n_commands], &cost->seconds[i / n_commands], &cost->passed[i / n_commands], &kib)) {
			fprintf(stderr, "bench_measure: failed: %s\n", argv[2 + i % n_commands]);
			return 1;
		}
		if (kib > cost->most_kib)
			cost->most_kib = kib;
	}
	for (int i = 0; costs && i < n_commands; i++) {
		qsort(costs[i].seconds, (size_t)n_runs, sizeof(costs[i].seconds[0]), is_more);
		qsort(costs[i].passed, (size_t)n_runs, sizeof(costs[i].passed[0]), is_more);
		printf("%.4f %ld %.4f\n", costs[i].seconds[n_runs / 2], costs[i].most_kib, costs[i].passed[n_runs / 2]);
	}
	free(costs);
	return 0;
}
