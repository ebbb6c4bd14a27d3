# Leaving the desk: the warning before it locks by itself, the curtain, and what the log says of it.

leaving = { $count ->
    [one] Locking in 1 second because nobody has typed
   *[other] Locking in { $count } seconds because nobody has typed
}
leaving-said-first = Locking in half a minute because nobody has typed.
leaving-said-again = Locking in 10 seconds because nobody has typed.
leaving-then = Move the mouse or press any key to stay signed in.

## The curtain

curtain-locked = Locked
curtain-desk = { $name } was signed in here
curtain-since = Since { $time }
curtain-elsewhere = The place to type is on another screen.

## Settings

settings-lock-title = Locking
settings-lock-after = Minutes without anybody at the computer before it locks
settings-lock-after-help = From 1 to 60. Half a minute before, it says so.
settings-full = Hours until password and code are asked for again
settings-full-help = From 1 to 24, counted from signing in. Then it locks, even if somebody is there.
settings-after-password = After a short break: password
settings-after-password-help = For an hour, the same person needs no code. After sleep, always password and code.
settings-after-code = Always password and code
settings-after-code-help = Also after a short break.
settings-look-curtain = Cover every screen when locked
settings-look-curtain-help = Nobody sees what was open.
settings-look-window = A window when locked
settings-look-window-help = Other programs stay in sight and in use.

## The log

log-result-idle = Nobody at the computer
log-result-system-locked = The computer was locked
log-result-sleep = The computer went to sleep
log-result-switched-away = Another person took the computer
log-result-remote-gone = The remote session was disconnected
log-result-clock-jumped = The clock was turned
log-result-too-long = Twelve hours after signing in
log-result-program-ended = The practice program ended
log-result-unwatched = Nothing could watch over the desk
log-result-session-over = Reset or removed by a manager
