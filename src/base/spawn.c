/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/system.h"

enum { STATUS_NOT_FOUND = 127, CHUNK_LEN = 16384 };

/* In the child: never returns. */
static void run_child(const char *const *argv, int input, int output)
{
	static const char *const folders[] = { "/usr/sbin/", "/sbin/", "/usr/local/sbin/" };
	char path[256];

	if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
		_exit(STATUS_NOT_FOUND);
	execvp(argv[0], (char *const *)argv);
	for (size_t i = 0; errno == ENOENT && i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (strlen(folders[i]) + strlen(argv[0]) >= sizeof(path))
			break;
		strcpy(path, folders[i]);
		strcat(path, argv[0]);
		execv(path, (char *const *)argv);
	}
	_exit(STATUS_NOT_FOUND);
}

/* Writes the input and reads the output at the same time, so that neither side waits for ever. */
static void converse(int to, const char *input, int from, struct text *output)
{
	size_t left = input ? strlen(input) : 0;
	char chunk[CHUNK_LEN];

	for (;;) {
		struct pollfd polled[2] = { { .fd = from, .events = POLLIN }, { .fd = to, .events = POLLOUT } };
		ssize_t n;

		if (to >= 0 && left == 0) {
			close(to);
			to = polled[1].fd = -1;
		}
		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			break;
		if (polled[1].revents) {
			n = write(to, input, left < CHUNK_LEN ? left : CHUNK_LEN);
			if (n < 0 && errno != EAGAIN && errno != EINTR)
				left = 0;	/* it does not want to read the rest */
			if (n > 0) {
				input += n;
				left -= (size_t)n;
			}
		}
		if (polled[0].revents) {
			n = read(from, chunk, sizeof(chunk));
			if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
				break;
			if (n > 0)
				text_append_bytes(output, chunk, (size_t)n);
		}
	}
	if (to >= 0)
		close(to);
}

static enum spawn_result wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return SPAWN_FAILED;
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_NOT_FOUND)
		return SPAWN_NOT_FOUND;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? SPAWN_OK : SPAWN_FAILED;
}

enum spawn_result spawn_run(const char *const *argv, const char *input, struct text *output)
{
	int to[2], from[2];
	pid_t child;

	if (!system_pipe(to))
		return SPAWN_FAILED;
	if (!system_pipe(from)) {
		close(to[0]);
		close(to[1]);
		return SPAWN_FAILED;
	}
	child = fork();
	if (child == 0)
		run_child(argv, to[0], from[1]);
	close(to[0]);
	close(from[1]);
	if (child < 0) {
		text_printf(output, "fork: %s", strerror(errno));
		close(to[1]);
		close(from[0]);
		return SPAWN_FAILED;
	}
	fcntl(to[1], F_SETFL, O_NONBLOCK);
	converse(to[1], input, from[0], output);
	close(from[0]);
	return wait_for(child);
}
