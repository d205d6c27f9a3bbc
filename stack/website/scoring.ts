/** One of the eight systems, in the order in which the assessment asks about them: two questions each. */
export interface System {
  /** As mails and tracker call it. */
  name: string;
  about: string;
  questions: readonly [string, string];
}

export const SYSTEMS: readonly System[] = [
  {
    name: 'GPS',
    about: 'Direction',
    questions: [
      'Is there one number that tells you every week whether the business is on course?',
      'Could each person in your team name the goal for this quarter?',
    ],
  },
  {
    name: 'CREW',
    about: 'Team',
    questions: [
      'Does everybody know what they may decide without asking you?',
      'Could you be away for a week without a call from work?',
    ],
  },
  {
    name: 'ENGINE',
    about: 'Delivery',
    questions: [
      'Does every job follow the same written steps?',
      'Are most jobs done on the day you promised?',
    ],
  },
  {
    name: 'FUEL',
    about: 'Money',
    questions: [
      'Do you look at your cash position at least once a week?',
      'Does every invoice leave on the day the work is done?',
    ],
  },
  {
    name: 'CABIN',
    about: 'Customer experience',
    questions: [
      'Do you regularly ask customers what they would change?',
      'Do most customers come back, or send somebody?',
    ],
  },
  {
    name: 'COCKPIT',
    about: 'Leadership',
    questions: [
      'Do you keep two hours a week free to work on the business itself?',
      'Do you write important decisions down, with the reason?',
    ],
  },
  {
    name: 'RADAR',
    about: 'Marketing',
    questions: [
      'Do you know where your last ten new customers found you?',
      'Do you know what a new customer costs you?',
    ],
  },
  {
    name: 'AUTOPILOT',
    about: 'Routines',
    questions: [
      'Do reminders for appointments go out without anybody thinking of them?',
      'Would a newcomer find your routines written down?',
    ],
  },
];

export const QUESTIONS: readonly string[] = SYSTEMS.flatMap(({ questions }) => [...questions]);

type Colour = 'red' | 'orange' | 'green';

const POINTS_A_YES = 50;
const MONTHLY_LOSS: Record<Colour, number> = { red: 5_500, orange: 2_000, green: 0 };

export interface Results {
  colours: readonly { system: string; about: string; colour: Colour }[];
  redCount: number;
  orangeCount: number;
  /** A system has two questions, so none is ever between orange and green. */
  yellowCount: number;
  greenCount: number;
  /** Out of 800. */
  overallScore: number;
  /** What the weak systems cost in a month, by a rule of thumb. */
  revenueLeak: number;
  weakestSystem1: string;
  weakestSystem2: string;
  strongestSystem: string;
}

/** What sixteen answers say; `true` is YES. Throws unless there are sixteen. */
export function resultsOf(answers: readonly boolean[]): Results {
  if (answers.length !== QUESTIONS.length) {
    throw new Error(`${QUESTIONS.length} answers are needed, there are ${answers.length}`);
  }
  const scored = SYSTEMS.map(({ name, about }, index) => {
    const yes = [answers[2 * index], answers[2 * index + 1]].filter(Boolean).length;
    return { system: name, about, points: yes * POINTS_A_YES, colour: colourOf(yes) };
  });
  const count = (colour: Colour): number => scored.filter((one) => one.colour === colour).length;
  // Of equals the earlier system counts as the weaker one: its questions come first because the others depend on it.
  const weakestFirst = scored.toSorted((a, b) => a.points - b.points);
  return {
    colours: scored.map(({ system, about, colour }) => ({ system, about, colour })),
    redCount: count('red'),
    orangeCount: count('orange'),
    yellowCount: 0,
    greenCount: count('green'),
    overallScore: scored.reduce((sum, { points }) => sum + points, 0),
    revenueLeak: scored.reduce((sum, { colour }) => sum + MONTHLY_LOSS[colour], 0),
    weakestSystem1: weakestFirst[0]?.system ?? '',
    weakestSystem2: weakestFirst[1]?.system ?? '',
    strongestSystem: weakestFirst.at(-1)?.system ?? '',
  };
}

function colourOf(yes: number): Colour {
  if (yes === 0) return 'red';
  return yes === 1 ? 'orange' : 'green';
}
