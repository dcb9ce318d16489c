# Sign-in and to-do
sign-in-title = Sign in
sign-in-login = Account
sign-in-password = Password
sign-in-code = Code
sign-in-code-hint = Six digits of your authenticator; each is good once.
sign-in-go = Sign in
sign-in-bye = You have signed out.
sign-in-ended = The session has ended; what you just typed was not sent.
sign-in-held = After signing in you return to the form; what you typed is kept for 10 minutes.
sign-in-too-many =
    { $count ->
        [one] Too many attempts from this address. Try again in 1 second.
       *[other] Too many attempts from this address. Try again in { $count } seconds.
    }
demo-cast = People of the demonstration
demo-hint = Choose one: account, password and the current code are filled in; then press Sign in.
demo-agency = Agency, { $unit }
demo-name = Name
demo-role = Role

todo-title = To-do
todo-tab = To do
todo-tab-deputy = As a deputy { $count }
todo-deputy-nobody = You stand in for nobody now; what somebody who is away leaves to you stands here.
todo-deputy-empty = Those for whom you stand in have nothing that waits.
todo-deputy-until = until { $day }
todo-tab-done = Done
todo-overdue = Overdue { $count }
todo-today = Today { $count }
todo-seven-days = Next seven days
todo-week = Within 7 days { $count }
todo-later = Later { $count }
todo-due = Due
todo-what = What
todo-about = About
todo-clause = Under
todo-next = Next step
todo-empty = Nothing waits for you.
todo-done-empty = Nothing has been done yet.
todo-last-sign-in = Last sign-in { $at } from { $address }.
todo-returned =
    { $count ->
        [one] One returned record to correct
       *[other] { $count } returned records to correct
    }
todo-returned-step = Correct
todo-approved =
    { $count ->
        [one] One approved request to carry out
       *[other] { $count } approved requests to carry out
    }
todo-approved-step = Look up
todo-countersign =
    { $count ->
        [one] One row for the { $countersign }
       *[other] { $count } rows for the { $countersign }
    }
todo-countersign-step = { CAP($countersign) }
todo-approve =
    { $count ->
        [one] One request for the { $countersign } before the data
       *[other] { $count } requests for the { $countersign } before the data
    }
todo-approve-step = { CAP($countersign) }
todo-awaiting-stamp =
    { $count ->
        [one] One record waits for the { $countersign }
       *[other] { $count } records wait for the { $countersign }
    }
todo-awaiting-stamp-step = See records
todo-consent-missing = No consent is in force
todo-consent-missing-step = See to it
todo-consent-ending = The consent ends soon
todo-consent-ending-step = See to it
