# The proof that somebody was removed: a page, a sheet of paper, and the command line. Only characters of Western European
# letters can be printed (see paper.rs).

leaver-title = { $name } is removed
leaver-text = This is the proof, if you need one. Print it or save it; the same stands in the log.
leaver-done = Done
leaver-sheet-title = Removed from two-factor sign-in
leaver-clinic = Clinic
leaver-who = Removed
leaver-when = When
leaver-utc = In UTC
leaver-by = By
leaver-desk = Computer
leaver-entry = Log entry
leaver-stopped = Their password, phones and spare codes stopped working at that moment.
leaver-advice = If they could have copied the practice database's password or files, change it.
leaver-foot = Written by the program when it removed this person. The entry with this number in its log says the same.
leaver-file = Removed { $name }
leaver-saved = Saved on this computer.
leaver-saved-then = It holds no secret. Keep it with your papers.
