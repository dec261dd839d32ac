# simmer, the ways that were the faster: model A with its numbers drawn up front, model B with
# them drawn inside its trajectories. Asked and answering as model.py says, whose numbers these are.

suppressMessages(library(simmer))

SERVERS <- 10; ARRIVALS_PER_HOUR <- 9; MEAN_SERVICE <- 1
GRIDS <- 200; COMMUNITIES <- 20; DEPARTMENTS <- 5
STAFF <- c(2, 3, 8); HOTLINE_STAFF <- 5
REQUESTS_PER_HOUR_AND_GRID <- 1.7
MEANS <- c(1, 0.5, 3); HOTLINE_MEAN <- 0.05
PATIENCE <- 8; RISES <- c(0.3, 0.1); URGENT <- 0.2

spent <- function(begin) { now <- proc.time() - begin; unname(now[1] + now[2]) }
number <- function(x) if (is.nan(x)) "null" else format(x, digits = 10, scientific = FALSE)
pairs <- function(values) {
  paste(sprintf('"%s": %s', names(values), sapply(values, number)), collapse = ", ")
}

play_a <- function(horizon) {
  begin <- proc.time()
  n <- rpois(1, ARRIVALS_PER_HOUR * horizon)
  rows <- data.frame(time = sort(runif(n, 0, horizon)), work = rexp(n, 1 / MEAN_SERVICE))
  way <- trajectory() %>% seize("desk") %>% timeout_from_attribute("work") %>% release("desk")
  env <- simmer() %>% add_resource("desk", SERVERS, mon = FALSE) %>%
    add_dataframe("customer", way, rows, time = "absolute", col_attributes = "work", mon = 1)
  env %>% run(until = horizon) %>% invisible()
  cpu <- spent(begin)
  done <- get_mon_arrivals(env)
  done <- done[done$finished, ]
  list(n = n, cpu = cpu, means = c(wait = mean(done$end_time - done$start_time - done$activity_time)))
}

play_b <- function(horizon) {
  begin <- proc.time()
  env <- simmer()
  pools <- list(paste0("grid", 1:GRIDS), paste0("community", 1:COMMUNITIES), paste0("department", 1:DEPARTMENTS))
  for (stage in 1:3) for (pool in pools[[stage]]) env %>% add_resource(pool, STAFF[stage])
  env %>% add_resource("hotline", HOTLINE_STAFF)
  complain <- trajectory() %>% seize("hotline") %>%
    timeout(function() rexp(1, 1 / HOTLINE_MEAN)) %>% release("hotline")
  way <- function(stage, own) {
    pool <- pools[[stage]][own]
    here <- trajectory() %>% renege_in(function() rexp(1, 1 / PATIENCE), out = complain) %>%
      seize(pool) %>% renege_abort() %>%
      timeout(function() rexp(1, 1 / MEANS[stage])) %>% release(pool)
    if (stage == 3) return(here)
    up <- ceiling(own * length(pools[[stage + 1]]) / length(pools[[stage]]))
    here %>% branch(function() as.integer(runif(1) < RISES[stage]), continue = FALSE, way(stage + 1, up))
  }
  for (grid in 1:GRIDS) {
    here <- way(1, grid)
    env %>%
      add_generator(paste0("u", grid, "_"), here,
        function() rexp(1, REQUESTS_PER_HOUR_AND_GRID * URGENT), priority = 1) %>%
      add_generator(paste0("o", grid, "_"), here,
        function() rexp(1, REQUESTS_PER_HOUR_AND_GRID * (1 - URGENT)), priority = 0)
  }
  env %>% run(until = horizon) %>% invisible()
  cpu <- spent(begin)
  n <- sum(get_n_generated(env, c(paste0("u", 1:GRIDS, "_"), paste0("o", 1:GRIDS, "_"))))
  stays <- get_mon_arrivals(env, per_resource = TRUE)
  stays$stage <- sub("[0-9]+$", "", stays$resource)
  served <- stays[stays$activity_time > 0, ]
  wait <- function(stage, class) {
    x <- served[served$stage == stage & substr(served$name, 1, 1) == class, ]
    mean(x$end_time - x$start_time - x$activity_time)
  }
  gave_up <- function(stage) mean(stays$activity_time[stays$stage == stage] == 0)
  list(n = n, cpu = cpu, means = c(
    "grid urgent" = wait("grid", "u"), "grid ordinary" = wait("grid", "o"),
    "community urgent" = wait("community", "u"), "community ordinary" = wait("community", "o"),
    "department urgent" = wait("department", "u"), "department ordinary" = wait("department", "o"),
    "gave up at grid" = gave_up("grid"), "gave up at community" = gave_up("community")))
}

r <- paste(R.version$major, R.version$minor, sep = ".")
cat(sprintf('{"versions": {"R": "%s", "simmer": "%s"}}\n', r, packageVersion("simmer")))
jobs <- file("stdin", "r")
while (length(line <- readLines(jobs, 1)) > 0) {
  job <- strsplit(line, " ")[[1]]
  set.seed(as.integer(job[3]))
  invisible(gc())
  told <- (if (job[1] == "A") play_a else play_b)(as.numeric(job[2]))
  cat(sprintf('{"n": %d, "cpu": %s, "means": {%s}}\n', as.integer(told$n), number(told$cpu), pairs(told$means)))
  flush(stdout())
}
