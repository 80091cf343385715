/*
 * Runs one script of the process conformance suite on the real Linux: ProcessScript.cs describes the statements. A child is made as
 * posix_spawn() makes one, by fork and exec of this program with the rest of the script. Arguments: trace descriptor, script (lines of
 * "depth number words"), first line, depth, own name, then "f:NAME=DESCRIPTOR" and "p:NAME=PID". Each statement that returns writes
 * "number outcome" to the trace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_LINES 200
#define MOST_WORDS 8
#define MOST_NAMES 40
#define TRACE 200

struct line { int depth, number, count; char *words[MOST_WORDS]; };
struct names { int count; char *name[MOST_NAMES]; int value[MOST_NAMES]; };

static struct line lines[MOST_LINES];
static int line_count;
static struct names files, processes;
static const char *script, *self;
static char outcome[256];
static volatile sig_atomic_t caught[32];
static sigset_t mask_in_handler;

static const struct { const char *name; int number; } signals[] = {
  {"HUP", SIGHUP}, {"INT", SIGINT}, {"QUIT", SIGQUIT}, {"KILL", SIGKILL}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"PIPE", SIGPIPE},
  {"ALRM", SIGALRM}, {"TERM", SIGTERM}, {"CHLD", SIGCHLD}, {"CONT", SIGCONT}, {"STOP", SIGSTOP}, {"WINCH", SIGWINCH}, {"none", 0}, {"99", 99},
};

static int signal_number(const char *name)
{
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    if (strcmp(signals[i].name, name) == 0) return signals[i].number;
  fprintf(stderr, "no signal %s\n", name);
  abort();
}

static const char *signal_name(int number)
{
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    if (signals[i].number == number) return signals[i].name;
  return "other";
}

static int find(const struct names *n, const char *name)
{
  for (int i = n->count - 1; i >= 0; i--)
    if (strcmp(n->name[i], name) == 0) return n->value[i];
  fprintf(stderr, "no name %s\n", name);
  abort();
}

static void set(struct names *n, const char *name, int value)
{
  if (n->count == MOST_NAMES) abort();
  n->name[n->count] = strdup(name);
  n->value[n->count++] = value;
}

static const char *name_of(int pid)
{
  for (int i = 0; i < processes.count; i++)
    if (processes.value[i] == pid) return processes.name[i];
  return "other";
}

#define NOBODY 0x3ffffff

static int process(const char *name)
{
  if (strcmp(name, "nobody") == 0) return NOBODY;
  return strcmp(name, "self") == 0 ? getpid() : find(&processes, name);
}

/* "NAME", "group" (the own one), "group:NAME", "any" as the number that kill() and waitpid() take. */
static int target(const char *name)
{
  if (strcmp(name, "group") == 0) return 0;
  if (strcmp(name, "any") == 0) return -1;
  if (strncmp(name, "group:", 6) == 0) return -process(name + 6);
  return process(name);
}

static sigset_t set_of(const char *list)
{
  sigset_t s;
  sigemptyset(&s);
  char copy[200], *rest = copy;
  snprintf(copy, sizeof copy, "%s", list);
  for (char *name; (name = strsep(&rest, ",")) != NULL;)
    if (signal_number(name) != 0) sigaddset(&s, signal_number(name));
  return s;
}

static void tell_set(const sigset_t *s)
{
  outcome[0] = 0;
  for (int n = 1; n < 32; n++)
    if (sigismember(s, n) == 1) { if (outcome[0]) strcat(outcome, ","); strcat(outcome, signal_name(n)); }
  if (!outcome[0]) strcpy(outcome, "none");
}

static void on_signal(int number)
{
  int before = errno;
  caught[number]++;
  sigprocmask(SIG_BLOCK, NULL, &mask_in_handler);
  errno = before;
}

static int has(const char *list, const char *word)
{
  char copy[200], *rest = copy;
  snprintf(copy, sizeof copy, "%s", list);
  for (char *one; (one = strsep(&rest, ",")) != NULL;)
    if (strcmp(one, word) == 0) return 1;
  return 0;
}

static const char *option(const struct line *l, const char *name)
{
  size_t length = strlen(name);
  for (int i = 1; i < l->count; i++)
    if (strncmp(l->words[i], name, length) == 0 && l->words[i][length] == '=') return l->words[i] + length + 1;
  return NULL;
}

static void tell(long result)
{
  if (result < 0) snprintf(outcome, sizeof outcome, "%s", strerrorname_np(errno));
  else snprintf(outcome, sizeof outcome, "%ld", result);
}

static void tell_done(int result) { if (result < 0) tell(result); else strcpy(outcome, "ok"); }

static int change_action(const struct line *l)
{
  struct sigaction a = {0};
  const char *mask = option(l, "mask"), *flags = option(l, "flags");
  a.sa_handler = strcmp(l->words[0], "catch") == 0 ? on_signal : strcmp(l->words[0], "ignore") == 0 ? SIG_IGN : SIG_DFL;
  if (mask) a.sa_mask = set_of(mask);
  if (flags) a.sa_flags = (has(flags, "restart") ? SA_RESTART : 0) | (has(flags, "nodefer") ? SA_NODEFER : 0)
    | (has(flags, "resethand") ? SA_RESETHAND : 0) | (has(flags, "nocldstop") ? SA_NOCLDSTOP : 0) | (has(flags, "nocldwait") ? SA_NOCLDWAIT : 0);
  return sigaction(signal_number(l->words[1]), &a, NULL);
}

static void prepare_child(const struct line *l)
{
  const char *group = option(l, "group"), *mask = option(l, "mask"), *defaults = option(l, "default"), *user = option(l, "user");
  sigset_t s;
  if (group && setpgid(0, strcmp(group, "new") == 0 ? 0 : find(&processes, group)) < 0) return;
  if (mask) { s = set_of(mask); sigprocmask(SIG_SETMASK, &s, NULL); }
  if (defaults) { s = set_of(defaults); for (int n = 1; n < 32; n++) if (sigismember(&s, n)) signal(n, SIG_DFL); }
  if (user && (setgid(atoi(user)) < 0 || setuid(atoi(user)) < 0)) return;
}

static void become(const char *name, int first, int depth)
{
  char *argv[8 + 2 * MOST_NAMES], start[12], level[12];
  int n = 0;
  snprintf(start, sizeof start, "%d", first);
  snprintf(level, sizeof level, "%d", depth);
  argv[n++] = "linux-processes";
  argv[n++] = (char *)script;
  argv[n++] = start;
  argv[n++] = level;
  argv[n++] = (char *)name;
  for (int i = 0; i < files.count; i++) if (asprintf(&argv[n++], "f:%s=%d", files.name[i], files.value[i]) < 0) abort();
  for (int i = 0; i < processes.count; i++) if (asprintf(&argv[n++], "p:%s=%d", processes.name[i], processes.value[i]) < 0) abort();
  argv[n] = NULL;
  execv("/proc/self/exe", argv);
}

/* Returns when the child has executed the program, as posix_spawn() may be expected to. */
static void spawn(const struct line *l, int at)
{
  int done[2], error = 0;
  if (pipe2(done, O_CLOEXEC) < 0) { tell(-1); return; }
  int read_end = fcntl(done[0], F_DUPFD_CLOEXEC, TRACE + 1), write_end = fcntl(done[1], F_DUPFD_CLOEXEC, TRACE + 1);
  close(done[0]);
  close(done[1]);
  int pid = fork();
  if (pid == 0) {
    set(&processes, l->words[1], getpid());
    errno = 0;
    prepare_child(l);
    if (errno == 0) become(l->words[1], at + 1, l->depth + 1);
    error = errno;
    if (write(write_end, &error, sizeof error) < 0) abort();
    _exit(127);
  }
  close(write_end);
  set(&processes, l->words[1], pid);
  while (read(read_end, &error, sizeof error) < 0 && errno == EINTR) { }
  close(read_end);
  if (error) { waitpid(pid, NULL, 0); errno = error; tell(-1); } else strcpy(outcome, "ok");
}

static void wait_for(const struct line *l)
{
  const char *options = l->count > 2 ? l->words[2] : "";
  int status = 0, id = target(l->words[1]);
  int flags = (has(options, "nohang") ? WNOHANG : 0) | (has(options, "untraced") ? WUNTRACED : 0) | (has(options, "continued") ? WCONTINUED : 0)
    | (has(options, "unknown") ? 0x400 : 0);
  int pid = waitpid(id, &status, flags);
  char *to = outcome;
  if (pid < 0) { tell(-1); return; }
  if (pid == 0) { strcpy(outcome, "nobody"); return; }
  if (id <= 0) to += sprintf(to, "%s ", name_of(pid));
  if (WIFEXITED(status)) sprintf(to, "exited %d", WEXITSTATUS(status));
  else if (WIFSIGNALED(status)) sprintf(to, "killed %s", signal_name(WTERMSIG(status)));
  else if (WIFSTOPPED(status)) sprintf(to, "stopped %s", signal_name(WSTOPSIG(status)));
  else strcpy(to, WIFCONTINUED(status) ? "continued" : "unknown");
}

static char state_of(int pid)
{
  char path[40], text[400] = "";
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int f = open(path, O_RDONLY);
  if (f < 0) return 0;
  if (read(f, text, sizeof text - 1) < 0) text[0] = 0;
  close(f);
  char *end = strrchr(text, ')');
  return end ? end[2] : 0;
}

static void until(int pid, const char *state)
{
  char wanted = strcmp(state, "blocked") == 0 ? 'S' : strcmp(state, "stopped") == 0 ? 'T' : strcmp(state, "zombie") == 0 ? 'Z' : 0;
  struct timespec pause = {0, 1000000};
  for (int i = 0; i < 10000; i++) {
    if (state_of(pid) == wanted) { strcpy(outcome, "ok"); return; }
    nanosleep(&pause, NULL);
  }
  strcpy(outcome, "never");
}

static void tell_poll(int file, const char *events, int timeout)
{
  struct pollfd p = {file, (has(events, "in") ? POLLIN : 0) | (has(events, "out") ? POLLOUT : 0), 0};
  if (poll(&p, 1, timeout) < 0) { tell(-1); return; }
  static const struct { int bit; const char *name; } all[] = {{POLLIN, "in"}, {POLLOUT, "out"}, {POLLERR, "err"}, {POLLHUP, "hup"}, {POLLNVAL, "nval"}};
  outcome[0] = 0;
  for (int i = 0; i < 5; i++)
    if (p.revents & all[i].bit) { if (outcome[0]) strcat(outcome, ","); strcat(outcome, all[i].name); }
  if (!outcome[0]) strcpy(outcome, "none");
}

static void make_pipe(const struct line *l)
{
  int ends[2], flags = 0;
  for (int i = 3; i < l->count; i++) flags |= strcmp(l->words[i], "nonblock") == 0 ? O_NONBLOCK : strcmp(l->words[i], "cloexec") == 0 ? O_CLOEXEC : 0;
  tell_done(pipe2(ends, flags));
  if (strcmp(outcome, "ok") == 0) { set(&files, l->words[1], ends[0]); set(&files, l->words[2], ends[1]); }
}

static void read_some(int file, long length)
{
  static char buffer[1 << 20];
  long n = read(file, buffer, length);
  if (n < 0 || n > 32) tell(n); else if (n == 0) strcpy(outcome, "end"); else snprintf(outcome, sizeof outcome, "%.*s", (int)n, buffer);
}

static int descriptor_call(const struct line *l)
{
  static char bytes[1 << 20];
  const char *w = l->words[0];
  if (strcmp(w, "pipe") == 0) { make_pipe(l); return 1; }
  if (strcmp(w, "limit") == 0) { struct rlimit r = {atoi(l->words[1]), 4096}; tell_done(setrlimit(RLIMIT_NOFILE, &r)); return 1; }
  if (l->count < 2) return 0;
  static const char *mine[] = {"close", "read", "write", "fill", "dup", "dup2", "number", "nonblock", "blocking", "flags", "cloexec", "keep",
    "getfd", "type", "seek", "cut", "sync", "readat", "writeat", "poll", "pollwait"};
  size_t known = 0;
  while (known < sizeof mine / sizeof *mine && strcmp(mine[known], w) != 0) known++;
  if (known == sizeof mine / sizeof *mine) return 0;
  int f = strcmp(l->words[1], "bad") == 0 ? 99 : find(&files, l->words[1]);
  memset(bytes, 'x', 100);
  switch (known) {
    case 0: tell_done(close(f)); break;
    case 1: read_some(f, atol(l->words[2])); break;
    case 2: tell(write(f, l->words[2], strlen(l->words[2]))); break;
    case 3: tell(write(f, bytes, atol(l->words[2]))); break;
    case 4: { int g = dup(f); tell_done(g); if (g >= 0) set(&files, l->words[2], g); break; }
    case 5: tell_done(dup2(f, find(&files, l->words[2]))); break;
    case 6: tell(f); break;
    case 7: tell_done(fcntl(f, F_SETFL, O_NONBLOCK)); break;
    case 8: tell_done(fcntl(f, F_SETFL, 0)); break;
    case 9: { int g = fcntl(f, F_GETFL); if (g < 0) tell(g); else sprintf(outcome, "%s%s", (g & O_ACCMODE) == O_RDONLY ? "r" : (g & O_ACCMODE) == O_WRONLY ? "w" : "rw", g & O_NONBLOCK ? ",nonblock" : ""); break; }
    case 10: tell_done(fcntl(f, F_SETFD, FD_CLOEXEC)); break;
    case 11: tell_done(fcntl(f, F_SETFD, 0)); break;
    case 12: tell(fcntl(f, F_GETFD)); break;
    case 13: { struct stat s; if (fstat(f, &s) < 0) tell(-1); else strcpy(outcome, S_ISFIFO(s.st_mode) ? "fifo" : "other"); break; }
    case 14: tell(lseek(f, 0, SEEK_SET)); break;
    case 15: tell_done(ftruncate(f, 0)); break;
    case 16: tell_done(fsync(f)); break;
    case 17: tell(pread(f, bytes, 1, 0)); break;
    case 18: tell(pwrite(f, bytes, 1, 0)); break;
    case 19: tell_poll(f, l->words[2], 0); break;
    default: tell_poll(f, l->words[2], -1); break;
  }
  return 1;
}

static int signal_call(const struct line *l)
{
  const char *w = l->words[0];
  sigset_t s;
  if (strcmp(w, "catch") == 0 || strcmp(w, "ignore") == 0 || strcmp(w, "default") == 0) { tell_done(change_action(l)); return 1; }
  if (strcmp(w, "action") == 0) {
    struct sigaction a;
    if (sigaction(signal_number(l->words[1]), NULL, &a) < 0) tell(-1);
    else strcpy(outcome, a.sa_handler == SIG_DFL ? "default" : a.sa_handler == SIG_IGN ? "ignore" : "handler");
    return 1;
  }
  if (strcmp(w, "block") == 0 || strcmp(w, "unblock") == 0 || strcmp(w, "setmask") == 0) {
    s = set_of(l->words[1]);
    tell_done(sigprocmask(w[0] == 'b' ? SIG_BLOCK : w[0] == 'u' ? SIG_UNBLOCK : SIG_SETMASK, &s, NULL));
    return 1;
  }
  if (strcmp(w, "mask") == 0) { sigprocmask(SIG_BLOCK, NULL, &s); tell_set(&s); return 1; }
  if (strcmp(w, "handlermask") == 0) { tell_set(&mask_in_handler); return 1; }
  if (strcmp(w, "pending") == 0) { sigpending(&s); tell_set(&s); return 1; }
  if (strcmp(w, "suspend") == 0) { s = set_of(l->words[1]); tell(sigsuspend(&s)); return 1; }
  if (strcmp(w, "pause") == 0) { tell(pause()); return 1; }
  if (strcmp(w, "alarm") == 0) { tell(alarm(atoi(l->words[1]))); return 1; }
  if (strcmp(w, "kill") == 0) { tell_done(kill(target(l->words[1]), signal_number(l->words[2]))); return 1; }
  if (strcmp(w, "caught") == 0) {
    outcome[0] = 0;
    for (int n = 1; n < 32; n++)
      for (; caught[n] > 0; caught[n]--) { if (outcome[0]) strcat(outcome, ","); strcat(outcome, signal_name(n)); }
    if (!outcome[0]) strcpy(outcome, "none");
    return 1;
  }
  return 0;
}

static int process_call(const struct line *l, int at)
{
  const char *w = l->words[0];
  if (strcmp(w, "spawn") == 0) { spawn(l, at); return 1; }
  if (strcmp(w, "wait") == 0) { wait_for(l); return 1; }
  if (strcmp(w, "until") == 0) { until(process(l->words[1]), l->words[2]); return 1; }
  if (strcmp(w, "exit") == 0) _exit(atoi(l->words[1]));
  if (strcmp(w, "parent") == 0) { strcpy(outcome, name_of(getppid())); return 1; }
  if (strcmp(w, "group") == 0) {
    int g = getpgid(process(l->words[1]));
    if (g < 0) tell(g); else strcpy(outcome, name_of(g));
    return 1;
  }
  if (strcmp(w, "setgroup") == 0) {
    const char *g = l->words[2];
    tell_done(setpgid(process(l->words[1]), strcmp(g, "new") == 0 ? 0 : strcmp(g, "negative") == 0 ? -5 : process(g)));
    return 1;
  }
  if (strcmp(w, "sleep") == 0) {
    long ms = atol(l->words[1]);
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    strcpy(outcome, nanosleep(&t, NULL) == 0 ? "done" : "interrupted");
    return 1;
  }
  return 0;
}

static void run(int first, int depth)
{
  for (int i = first; i < line_count && lines[i].depth >= depth; i++) {
    if (lines[i].depth > depth) continue;
    outcome[0] = 0;
    if (!descriptor_call(&lines[i]) && !signal_call(&lines[i]) && !process_call(&lines[i], i)) { fprintf(stderr, "no statement %s\n", lines[i].words[0]); abort(); }
    char text[300];
    int length = snprintf(text, sizeof text, "%d %s\n", lines[i].number, outcome);
    if (write(TRACE, text, length) != length) abort();
  }
}

static void parse(void)
{
  char *copy = strdup(script), *rest = copy;
  for (char *text; (text = strsep(&rest, "\n")) != NULL;) {
    if (!*text) continue;
    if (line_count == MOST_LINES) abort();
    struct line *l = &lines[line_count++];
    l->depth = atoi(strsep(&text, " "));
    l->number = atoi(strsep(&text, " "));
    for (char *word; (word = strsep(&text, " ")) != NULL;) { if (l->count == MOST_WORDS) abort(); l->words[l->count++] = word; }
  }
}

/* The first process stands for init: it adopts orphans and reaps them, and nothing outlives it. */
static int be_init(void)
{
  struct rlimit none = {0, 0};
  sigset_t empty;
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  sigemptyset(&empty);
  sigprocmask(SIG_SETMASK, &empty, NULL);
  for (int n = 1; n < 32; n++) signal(n, SIG_DFL);
  if (dup2(1, TRACE) < 0) return 2;
  set(&processes, "init", getpid());
  int first = fork();
  if (first == 0) {
    setpgid(0, 0);
    set(&processes, "main", getpid());
    for (int f = 0; f < 3; f++) close(f);
    become("main", 0, 0);
    _exit(127);
  }
  int status = 0;
  for (int pid; (pid = wait(&status)) > 0 && pid != first;) { }
  int end = status;
  for (int left; (left = waitpid(-1, &status, WNOHANG)) >= 0;) {
    char text[4000] = "", *rest = text;
    char path[60];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    int f = open(path, O_RDONLY);
    if (f >= 0) { if (read(f, text, sizeof text - 1) < 0) text[0] = 0; close(f); }
    for (char *pid; (pid = strsep(&rest, " ")) != NULL;) if (atoi(pid) > 0) kill(atoi(pid), SIGKILL);
    usleep(500);
  }
  return WIFEXITED(end) ? WEXITSTATUS(end) : 128 + WTERMSIG(end);
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  script = argv[1];
  if (argc == 2) return be_init();
  self = argv[4];
  for (int i = 5; i < argc; i++) {
    char *value = strchr(argv[i], '=');
    *value = 0;
    set(argv[i][0] == 'f' ? &files : &processes, argv[i] + 2, atoi(value + 1));
  }
  parse();
  run(atoi(argv[2]), atoi(argv[3]));
  return 0;
}
